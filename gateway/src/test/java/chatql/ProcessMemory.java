package chatql;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The memory of another JVM on this machine: its heap over JMX, and its resident memory from the kernel. */
public final class ProcessMemory implements AutoCloseable {
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern HEAP_POOL = Pattern.compile(".*(Eden|Survivor|Old|Tenured).*");

    /** Written to a process's {@code clear_refs}, it resets the peak of its resident memory: proc(5). */
    private static final String RESET_PEAK = "5";

    static {
        // Bounded, because a JVM that spends its time in garbage collection would block its caller.
        System.setProperty("sun.rmi.transport.tcp.responseTimeout", "10000");
    }

    private final long pid;
    private final JMXConnector connector;
    private final MBeanServerConnection server;
    private final MemoryMXBean memory;
    private final List<ObjectName> collectors;

    public ProcessMemory(long pid) throws Exception {
        this.pid = pid;
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
        }
        server = connector.getMBeanServerConnection();
        memory = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
        collectors = List.copyOf(
                server.queryNames(new ObjectName(ManagementFactory.GARBAGE_COLLECTOR_MXBEAN_DOMAIN_TYPE + ",*"), null));
    }

    /** Bytes of the heap in use right after a full collection. */
    public long liveHeap() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Bytes of the heap in use after the last collection of any kind. */
    public long heapAfterCollection() throws Exception {
        long last = 0;
        long used = 0;
        for (ObjectName collector : collectors) {
            if (server.getAttribute(collector, "LastGcInfo") instanceof CompositeData info
                    && (Long) info.get("endTime") >= last) {
                last = (Long) info.get("endTime");
                used = heap((TabularData) info.get("memoryUsageAfterGc"));
            }
        }
        return used;
    }

    private static long heap(TabularData pools) {
        Collection<?> all = pools.values();
        return all.stream()
                .map(CompositeData.class::cast)
                .filter(pool -> HEAP_POOL.matcher((String) pool.get("key")).matches())
                .mapToLong(pool -> (Long) ((CompositeData) pool.get("value")).get("used"))
                .sum();
    }

    /** The peak of resident bytes since the last {@link #resetPeakResident}. */
    public long peakResident() throws IOException {
        var status = PEAK.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        if (!status.find()) {
            throw new IOException("no VmHWM of process " + pid);
        }
        return Long.parseLong(status.group(1)) << 10;
    }

    public void resetPeakResident() throws IOException {
        Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), RESET_PEAK);
    }

    /** Closes nothing where the process has ended. */
    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException gone) {
            // The process has ended.
        }
    }
}
