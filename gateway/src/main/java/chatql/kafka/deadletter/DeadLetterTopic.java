package chatql.kafka.deadletter;

import chatql.kafka.client.DurableProducer;
import chatql.kafka.client.TopicScan;
import chatql.kafka.failure.KafkaUnresponsive;
import chatql.kafka.record.DeadLetterHeaders;
import chatql.kafka.record.MessageCodec;
import chatql.kafka.record.MessageHeaders;
import chatql.kafka.record.OriginalPosition;
import chatql.kafka.record.RecordSize;
import chatql.kafka.topic.TopicSettings;
import chatql.message.Cursor;
import chatql.message.DeadLetter;
import chatql.message.DeadLetters;
import chatql.message.LogUnavailable;
import chatql.message.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters in their topic. The id of a dead letter is its position in that topic. A replay is recorded in the
 * same topic, by a record with neither key nor value whose header has that id.
 */
final class DeadLetterTopic implements DeadLetters {
    private static final String REPLAYED = "chatql-replayed";
    private static final int APPEND_TIMEOUT_SECONDS = 30;
    private static final long UNKNOWN_EPOCH = 0;

    private final TopicScan topicScan;
    private final TopicSettings topics;
    private final DurableProducer durableProducer;

    DeadLetterTopic(TopicScan topicScan, TopicSettings topics, DurableProducer durableProducer) {
        this.topicScan = topicScan;
        this.topics = topics;
        this.durableProducer = durableProducer;
    }

    // --- reading

    @Override
    public void each(Consumer<DeadLetter> letter) {
        Set<String> replayed = replayed();
        Set<DeadLetterHeaders> positions = new HashSet<>();
        read(record -> {
            if (MessageHeaders.text(record.headers(), REPLAYED) == null && isFirst(record, positions)) {
                letter.accept(letter(record, replayed.contains(id(record))));
            }
        });
    }

    /** Whether this is the first copy. A record may be dead-lettered again after a crash. */
    private static boolean isFirst(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record, Set<DeadLetterHeaders> positions) {
        return DeadLetterHeaders.read(record.headers()).map(positions::add).orElse(true);
    }

    private Set<String> replayed() {
        Set<String> ids = new HashSet<>();
        read(record -> {
            String id = MessageHeaders.text(record.headers(), REPLAYED);
            if (id != null) {
                ids.add(id);
            }
        });
        return ids;
    }

    @Override
    public Optional<DeadLetter> find(String id) {
        List<DeadLetter> found = new ArrayList<>();
        each(letter -> {
            if (letter.id().equals(id)) {
                found.add(letter);
            }
        });
        return found.stream().findFirst();
    }

    private void read(Consumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>> each) {
        try {
            topicScan.read(each);
        } catch (KafkaException | KafkaUnresponsive failure) {
            throw new LogUnavailable("Cannot read the dead letters: " + failure.getMessage(), failure);
        }
    }

    private static DeadLetter letter(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, boolean replayed) {
        Optional<DeadLetterHeaders> position = DeadLetterHeaders.read(record.headers());
        List<DeadLetter.Header> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new DeadLetter.Header(header.key(), header.value())));
        return new DeadLetter(
                id(record),
                position.map(DeadLetterHeaders::reason).orElse("not dead-lettered by the gateway"),
                position.map(DeadLetterHeaders::partition).orElse(null),
                position.map(DeadLetterHeaders::offset).orElse(null),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                record.value(),
                headers,
                replayed);
    }

    private static String id(ConsumerRecord<?, ?> record) {
        return record.partition() + "-" + record.offset();
    }

    // --- replaying

    @Override
    public Outcome replay(DeadLetter letter, byte @Nullable [] mended) {
        if (letter.replayed()) {
            return new Outcome.AlreadyReplayed();
        }
        byte @Nullable [] value = mended == null ? letter.value() : mended;
        try {
            Message message = MessageCodec.decode(value, new Cursor(0, 0, 0, 0));
            return append(letter, record(letter, message, Objects.requireNonNull(value)));
        } catch (MessageCodec.InvalidRecord invalid) {
            return new Outcome.Refused(invalid.reason());
        }
    }

    private ProducerRecord<String, byte[]> record(DeadLetter letter, Message message, byte[] value) {
        String key = message.recipient().value();
        var record = new ProducerRecord<>(topics.messages(), key, value);
        Headers all = headers(letter);
        all.forEach(header -> {
            if (!header.key().startsWith(MessageHeaders.PREFIX)) {
                record.headers().add(header);
            }
        });
        originalPosition(letter, all).write(record.headers());
        RecordSize.require((long) key.getBytes(StandardCharsets.UTF_8).length + value.length, record.headers());
        return record;
    }

    private static Headers headers(DeadLetter letter) {
        var headers = new RecordHeaders();
        letter.headers().forEach(header -> headers.add(header.name(), header.value()));
        return headers;
    }

    /** The original position; the position in the dead-letter topic if that is unknown. */
    private static OriginalPosition originalPosition(DeadLetter letter, Headers headers) {
        String[] ownPosition = letter.id().split("-", 2);
        return DeadLetterHeaders.read(headers)
                .map(position -> new OriginalPosition(position.epoch(), position.partition(), position.offset()))
                .orElseGet(() -> new OriginalPosition(
                        UNKNOWN_EPOCH, Integer.parseInt(ownPosition[0]), Long.parseLong(ownPosition[1])));
    }

    private Outcome append(DeadLetter letter, ProducerRecord<String, byte[]> record) {
        RecordMetadata position = acknowledged(record);
        // After the message: a retry in between is recognized as a duplicate by its original position.
        var replayMarker = new ProducerRecord<String, byte[]>(topics.deadLetters(), null);
        replayMarker.headers().add(REPLAYED, letter.id().getBytes(StandardCharsets.UTF_8));
        acknowledged(replayMarker);
        return new Outcome.Replayed(position.partition(), position.offset());
    }

    private RecordMetadata acknowledged(ProducerRecord<String, byte[]> record) {
        try {
            return durableProducer.append(record).toFuture().get(APPEND_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new LogUnavailable("The message could not be stored", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable("The message could not be stored", interrupted);
        }
    }
}
