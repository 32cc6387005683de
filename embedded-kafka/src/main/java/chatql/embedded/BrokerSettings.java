package chatql.embedded;

import java.nio.file.Path;
import java.util.Properties;

/** The settings of a small single-node broker that only local clients reach. */
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String BROKER = "BROKER";
    static final String CONTROLLER = "CONTROLLER";

    private final Properties properties = new Properties();

    private BrokerSettings() {}

    static Properties of(Path directory, int port, int controllerPort, boolean fsync) {
        return new BrokerSettings()
                .node(directory, port, controllerPort)
                .singleNode()
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
                // A topic that is created automatically lacks the settings that the gateway needs.
                .set("auto.create.topics.enable", false);
    }

    private BrokerSettings singleNode() {
        return set("offsets.topic.replication.factor", 1)
                .set("offsets.topic.num.partitions", 1)
                .set("transaction.state.log.replication.factor", 1)
                .set("transaction.state.log.min.isr", 1)
                .set("transaction.state.log.num.partitions", 1)
                .set("share.coordinator.state.topic.replication.factor", 1)
                .set("share.coordinator.state.topic.min.isr", 1)
                .set("share.coordinator.state.topic.num.partitions", 1);
    }

    /** After a kill, the controller registers the broker again only when the killed one's session has expired. */
    private BrokerSettings quickToServe() {
        return set("broker.session.timeout.ms", 2_000)
                .set("broker.heartbeat.interval.ms", 500)
                .set("controller.quorum.election.timeout.ms", 200)
                .set("controller.quorum.fetch.timeout.ms", 500)
                // There is no second group member to wait for.
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
                // The default is 128 MiB of heap, allocated at the start.
                .set("log.cleaner.dedupe.buffer.size", 2 * 1024 * 1024)
                .set("metric.reporters", "");
    }

    /** Without it the operating system decides when to write to disk: within half a minute on Linux. */
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
