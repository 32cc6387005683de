package chatql.kafka;

import chatql.delivery.Bounds;
import chatql.delivery.Listeners;
import chatql.history.History;
import chatql.message.MessageLog;
import chatql.user.Directory;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The log, the tap, history and the directory, assembled on Boot's configuration of Kafka. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TopicSettings.class, TapSettings.class, HistorySettings.class})
public class KafkaConfiguration {
    /** How many reads of stores may wait; beyond that they are refused. */
    private static final int WAITING_READS = 10_000;

    private static final int READERS = 4;

    /** Which life of the topic of messages this is; nothing else of Kafka begins before the topics are as they must be. */
    record Epoch(long value) {}

    @Bean(destroyMethod = "close")
    Admin admin(KafkaAdmin configured, KafkaConnectionDetails broker) {
        if (broker.getBootstrapServers().stream().noneMatch(StringUtils::hasText)) {
            throw new NoBroker();
        }
        return Admin.create(configured.getConfigurationProperties());
    }

    @Bean
    Epoch epoch(TopicSettings topics, KafkaAdmin creator, Admin admin) {
        return new Epoch(new Topics(topics, creator, admin).prepare());
    }

    @Bean
    Offsets offsets(Admin admin, TopicSettings topics) {
        return new Offsets(admin, topics.messages(), new Partitions(topics.partitions()));
    }

    @Bean(destroyMethod = "dispose")
    Appender appender(ProducerFactory<?, ?> configured, Epoch afterTopics) {
        return new Appender(ClientSettings.appender(configured.getConfigurationProperties()));
    }

    @Bean
    OwnWrites ownWrites() {
        return new OwnWrites();
    }

    @Bean
    Retries retries(Owners owners, LocalHistory local, PeerClient peers, TopicSettings topics) {
        var partitions = new Partitions(topics.partitions());
        return new Retries(identity -> owners.once(
                HistoryTopology.FIRSTS,
                partitions.of(identity.recipient()),
                local.verdict(identity),
                owner -> peers.verdict(owner, identity)));
    }

    @Bean
    MessageLog messageLog(
            TopicSettings topics, Epoch epoch, Appender appender, Offsets offsets, Retries retries, OwnWrites written) {
        return new KafkaMessageLog(topics.messages(), epoch.value(), appender, offsets, retries, written::note);
    }

    @Bean
    KafkaTap tap(
            ConsumerFactory<?, ?> configured,
            TopicSettings topics,
            TapSettings settings,
            Bounds bounds,
            Epoch epoch,
            Offsets offsets) {
        return new KafkaTap(
                topics.messages(),
                epoch.value(),
                new Partitions(topics.partitions()),
                offsets,
                ClientSettings.tap(configured.getConfigurationProperties(), settings),
                (partition, valve) -> new Lane(
                        partition,
                        valve,
                        settings.linger(),
                        Schedulers.parallel(),
                        new Listeners(bounds, Schedulers.parallel())));
    }

    @Bean
    MeterBinder tapMetrics(KafkaTap tap) {
        return new TapMetrics(tap);
    }

    @Bean
    Progress progress() {
        return new Progress();
    }

    @Bean
    HistoryStreams historyStreams(
            KafkaAdmin connection,
            KafkaProperties configured,
            TopicSettings topics,
            HistorySettings settings,
            Epoch epoch,
            Progress progress,
            Environment environment) {
        Map<String, Object> base = new HashMap<>(connection.getConfigurationProperties());
        base.putAll(configured.getStreams().getProperties());
        String directory = environment.getProperty("chatql.data-dir", "./data");
        return new HistoryStreams(
                new HistoryTopology(topics, epoch.value(), progress).build(),
                ClientSettings.streams(
                        base,
                        settings,
                        epoch.value(),
                        Path.of(directory, "streams").toString()),
                () -> settings.address(environment.getRequiredProperty("local.server.port", Integer.class)));
    }

    @Bean(destroyMethod = "dispose")
    Scheduler historyReaders() {
        return Schedulers.newBoundedElastic(READERS, WAITING_READS, "history");
    }

    @Bean
    LocalStores localStores(HistoryStreams streams, Scheduler historyReaders) {
        return new LocalStores(streams, historyReaders);
    }

    @Bean
    LocalHistory localHistory(
            LocalStores stores,
            Progress progress,
            TopicSettings topics,
            HistorySettings settings,
            Epoch epoch,
            Admin admin) {
        return new LocalHistory(
                stores,
                progress,
                new Partitions(topics.partitions()),
                new TimelineReader(epoch.value(), settings.pageMessages(), settings.pageWeight()),
                new Committed(admin, settings.applicationId(epoch.value()), topics.messages()),
                settings.catchUp(),
                Clock.systemUTC());
    }

    @Bean
    LocalNames localNames(LocalStores stores, Progress progress, TopicSettings topics, HistorySettings settings) {
        return new LocalNames(stores, progress, new Partitions(topics.userPartitions()), settings.catchUp());
    }

    @Bean
    RouterFunction<ServerResponse> peerRoutes(LocalHistory history, LocalNames names, Epoch epoch) {
        return new PeerRoutes(history, names, epoch.value()).routes();
    }

    @Bean(destroyMethod = "dispose")
    PeerClient peers(HistorySettings settings, ReactorResourceFactory netty) {
        return new PeerClient(netty.getLoopResources(), settings.catchUp().multipliedBy(2));
    }

    @Bean
    ReactiveHealthIndicator brokerHealthIndicator(Admin admin) {
        return KafkaHealth.broker(admin);
    }

    @Bean
    ReactiveHealthIndicator tapHealthIndicator(KafkaTap tap) {
        return KafkaHealth.tap(tap);
    }

    @Bean
    ReactiveHealthIndicator historyHealthIndicator(HistoryStreams streams) {
        return KafkaHealth.history(streams);
    }

    @Bean
    Owners owners(HistoryStreams streams, HistorySettings settings) {
        return new Owners(streams, settings.catchUp());
    }

    @Bean
    History history(Owners owners, LocalHistory local, PeerClient peers, TopicSettings topics, OwnWrites written) {
        return new KafkaHistory(owners, local, peers, new Partitions(topics.partitions()), written);
    }

    @Bean
    Directory directory(Appender appender, Owners owners, LocalNames local, PeerClient peers, TopicSettings topics) {
        return new KafkaDirectory(
                topics.users(), appender, owners, local, peers, new Partitions(topics.userPartitions()));
    }
}
