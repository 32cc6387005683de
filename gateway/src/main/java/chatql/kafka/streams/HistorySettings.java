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
 * The settings of history and the user directory.
 *
 * @param applicationId the prefix of the names of Kafka Streams' consumer group and internal topics
 * @param threads the number of stream threads on this pod
 * @param standbyReplicas how many other pods keep a copy of each partition's state, for a quick failover
 * @param advertisedAddress the host and port at which other pods reach this one; the loopback address if not set
 * @param url where a pod without stores reaches any history pod, such as {@code http://history:8080}
 * @param groupInstanceId this pod's static membership id: the same after each restart, and different on every pod. With
 *     it a pod that crashed gets its partitions back at once. None if not set.
 * @param rocksdbMemory the native memory for all stores of this pod: for reads, and for writes that are not yet on disk
 * @param catchUpTimeout how long a read waits until history has reached a required offset
 * @param pageMessages how many messages a subscription reads at once
 * @param pageBytes in bytes of memory; a page ends with the message that exceeds it
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
     * The application id of Kafka Streams. It changes whenever a source topic is replaced or has another number of
     * partitions, because the stores' checkpoints are offsets.
     */
    public String applicationId(Epoch epoch) {
        return applicationId + "-" + Long.toHexString(epoch.value()) + "-" + StoreLayout.VERSION + "-"
                + epoch.sources();
    }

    /** Where a pod without stores queries history. Such a pod does not start without it. */
    public URI requiredUrl() {
        return Objects.requireNonNull(url, "chatql.history.url");
    }

    /** The address at which other pods reach this one. */
    public HostInfo address(int serverPort) {
        return advertisedAddress == null
                ? new HostInfo("127.0.0.1", serverPort)
                : HostInfo.buildFromEndpoint(advertisedAddress);
    }
}
