package chatql.kafka.streams;

import chatql.kafka.identity.Epoch;
import chatql.kafka.store.StoreLayout;
import chatql.setting.PropertyConstraints;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How history and the directory are kept and read.
 *
 * @param applicationId what the names of the consumer group and of the internal topics of Kafka Streams begin with
 * @param threads that follow the log on this pod
 * @param standbyReplicas how many more pods keep a copy of each part, to take over quickly
 * @param advertisedAddress the host and port by which other pods find this one; this machine's loopback when it isn't set
 * @param url where any history pod is found by a pod that keeps no history itself, such as {@code http://history:8080}
 * @param groupInstanceId this pod's own name in the group, the same after each start and no other pod's; with it a pod that
 *     crashed takes its old place at once. None when it isn't set
 * @param rocksdbMemory in native memory, for all stores of this pod: what is read, and what is not yet written to disk
 * @param catchUpTimeout how long a reader waits for history to have come as far as it must
 * @param pageMessages the most messages that one read gives a subscription
 * @param pageBytes in bytes of memory; a page ends with the message that goes beyond it
 */
@ConfigurationProperties("chatql.history")
public record HistorySettings(
        @DefaultValue("chatql") String applicationId,
        @DefaultValue("1") int threads,
        @DefaultValue("1") int standbyReplicas,
        @Nullable String advertisedAddress,
        @Nullable URI url,
        @Nullable String groupInstanceId,
        @DefaultValue("128MB") DataSize rocksdbMemory,
        @DefaultValue("2s") Duration catchUpTimeout,
        @DefaultValue("128") int pageMessages,
        @DefaultValue("262144") int pageBytes) {

    public HistorySettings {
        var allowed = new PropertyConstraints("chatql.history");
        allowed.kafkaName("application-id", applicationId, 1);
        allowed.number("threads", threads, 1, 1_000);
        allowed.number("standby-replicas", standbyReplicas, 0, 100);
        allowed.that(
                isReachable(advertisedAddress),
                "advertised-address",
                advertisedAddress,
                "host:port, such as gateway-1:8080");
        allowed.that(isWeb(url), "url", url, "an absolute http or https URL, such as http://history:8080");
        if (groupInstanceId != null) {
            allowed.kafkaName("group-instance-id", groupInstanceId, 1);
        }
        allowed.that(rocksdbMemory.toMegabytes() >= 1, "rocksdb-memory", rocksdbMemory, "a size of 1MB or more");
        allowed.duration("catch-up-timeout", catchUpTimeout);
        allowed.number("page-messages", pageMessages, 1, 100_000);
        allowed.number("page-bytes", pageBytes, 1, Integer.MAX_VALUE);
    }

    private static boolean isReachable(@Nullable String address) {
        if (address == null) {
            return true;
        }
        Matcher parts = ADDRESS.matcher(address);
        return parts.matches() && Integer.parseInt(parts.group(1)) >= 1 && Integer.parseInt(parts.group(1)) <= 65_535;
    }

    private static boolean isWeb(@Nullable URI url) {
        return url == null
                || (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme())));
    }

    private static final Pattern ADDRESS = Pattern.compile("(?:[\\w.-]+|\\[[0-9A-Fa-f:.]+])(?::)([0-9]{1,5})");

    /**
     * Another one whenever a topic that is followed is another one or has another number of partitions, for the stores say
     * how far they have come by offsets.
     */
    public String applicationId(Epoch epoch) {
        return applicationId + "-" + Long.toHexString(epoch.value()) + "-" + StoreLayout.VERSION + "-"
                + epoch.sources();
    }

    /** Where history is asked for, by a pod that keeps none: such a pod doesn't start without it. */
    public URI requiredUrl() {
        return Objects.requireNonNull(url, "chatql.history.url");
    }

    /** Where other pods find this one. */
    public HostInfo address(int serverPort) {
        return advertisedAddress == null
                ? new HostInfo("127.0.0.1", serverPort)
                : HostInfo.buildFromEndpoint(advertisedAddress);
    }
}
