package chatql.kafka;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How history and the directory are kept and read.
 *
 * @param applicationId what the consumer group and the internal topics of Kafka Streams are named after
 * @param threads that follow the log on this pod
 * @param catchUp how long a reader waits for history to have come as far as it must
 * @param pageMessages the most messages that one read gives a subscription
 * @param pageWeight in bytes of memory; a page ends with the message that goes beyond it
 */
@ConfigurationProperties("chatql.history")
record HistorySettings(
        @DefaultValue("chatql") String applicationId,
        @DefaultValue("1") int threads,
        @DefaultValue("2s") Duration catchUp,
        @DefaultValue("128") int pageMessages,
        @DefaultValue("262144") int pageWeight) {}
