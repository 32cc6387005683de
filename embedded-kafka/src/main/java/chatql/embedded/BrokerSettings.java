package chatql.embedded;

import java.nio.file.Path;
import java.util.Properties;

/** The settings of a broker that is alone, local and small. */
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String BROKER = "BROKER";
    static final String CONTROLLER = "CONTROLLER";

    private final Properties properties = new Properties();

    private BrokerSettings() {}

    static Properties of(Path directory, int port, int controllerPort, boolean fsync) {
        return new BrokerSettings()
                .node(directory, port, controllerPort)
                .alone()
                .quickToServe()
                .small()
                .flushed(fsync)
                .properties;
    }

    private BrokerSettings node(Path directory, int port, int controllerPort) {
        return set("process.roles", "broker,controller")
                .set("node.id", NODE_ID)
                .set("log.dirs", directory)
                .set("listeners", listener(BROKER, port) + "," + listener(CONTROLLER, controllerPort))
                .set("advertised.listeners", listener(BROKER, port))
                .set("listener.security.protocol.map", BROKER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT")
                .set("inter.broker.listener.name", BROKER)
                .set("controller.listener.names", CONTROLLER)
                .set("controller.quorum.voters", NODE_ID + "@" + LoopbackPort.HOST + ":" + controllerPort)
                // Topics have fixed settings: one that springs up by itself has the wrong ones.
                .set("auto.create.topics.enable", false);
    }

    private BrokerSettings alone() {
        return set("offsets.topic.replication.factor", 1)
                .set("offsets.topic.num.partitions", 1)
                .set("transaction.state.log.replication.factor", 1)
                .set("transaction.state.log.min.isr", 1)
                .set("transaction.state.log.num.partitions", 1)
                .set("share.coordinator.state.topic.replication.factor", 1)
                .set("share.coordinator.state.topic.min.isr", 1)
                .set("share.coordinator.state.topic.num.partitions", 1);
    }

    /** After a kill, the controller lets the broker in again only when the session of the killed one has run out. */
    private BrokerSettings quickToServe() {
        return set("broker.session.timeout.ms", 2_000)
                .set("broker.heartbeat.interval.ms", 500)
                .set("controller.quorum.election.timeout.ms", 200)
                .set("controller.quorum.fetch.timeout.ms", 500)
                // No second group member is to be waited for.
                .set("group.initial.rebalance.delay.ms", 0);
    }

    private BrokerSettings small() {
        return set("num.network.threads", 1)
                .set("num.io.threads", 2)
                .set("background.threads", 2)
                .set("num.replica.fetchers", 1)
                .set("group.coordinator.threads", 1)
                .set("group.coordinator.background.threads", 1)
                .set("share.coordinator.threads", 1)
                // By default 128 MiB of heap, taken at the start.
                .set("log.cleaner.dedupe.buffer.size", 2 * 1024 * 1024)
                .set("metric.reporters", "");
    }

    /** Otherwise the operating system writes to disk when it likes: within half a minute, as Linux has it. */
    private BrokerSettings flushed(boolean fsync) {
        return fsync ? set("log.flush.interval.messages", 1) : this;
    }

    private BrokerSettings set(String name, Object value) {
        properties.setProperty(name, value.toString());
        return this;
    }

    private static String listener(String name, int port) {
        return name + "://" + LoopbackPort.HOST + ":" + port;
    }
}
