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
 * The dead letters, in their topic. A letter's id is its place there. That one was put back is said there, too, by a record
 * with neither key nor value whose header names its id.
 */
final class DeadLetterTopic implements DeadLetters {
    private static final String REPLAYED = "chatql-replayed";
    private static final int MAX_APPEND_SECONDS = 30;
    private static final long UNKNOWN_LIFE = 0;

    private final TopicScan letters;
    private final TopicSettings topics;
    private final DurableProducer durableProducer;

    DeadLetterTopic(TopicScan letters, TopicSettings topics, DurableProducer durableProducer) {
        this.letters = letters;
        this.topics = topics;
        this.durableProducer = durableProducer;
    }

    // --- looking

    @Override
    public void each(Consumer<DeadLetter> letter) {
        Set<String> replayed = replayed();
        Set<DeadLetterHeaders> places = new HashSet<>();
        read(record -> {
            if (MessageHeaders.text(record.headers(), REPLAYED) == null && isFirst(record, places)) {
                letter.accept(letter(record, replayed.contains(id(record))));
            }
        });
    }

    /** After a crash, a record may be set aside a second time. */
    private static boolean isFirst(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record, Set<DeadLetterHeaders> places) {
        return DeadLetterHeaders.read(record.headers()).map(places::add).orElse(true);
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
            letters.read(each);
        } catch (KafkaException | KafkaUnresponsive failure) {
            throw new LogUnavailable("The dead letters can't be read: " + failure.getMessage(), failure);
        }
    }

    private static DeadLetter letter(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, boolean replayed) {
        Optional<DeadLetterHeaders> place = DeadLetterHeaders.read(record.headers());
        List<DeadLetter.Header> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new DeadLetter.Header(header.key(), header.value())));
        return new DeadLetter(
                id(record),
                place.map(DeadLetterHeaders::reason).orElse("not set aside by the gateway"),
                place.map(DeadLetterHeaders::partition).orElse(null),
                place.map(DeadLetterHeaders::offset).orElse(null),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                record.value(),
                headers,
                replayed);
    }

    private static String id(ConsumerRecord<?, ?> record) {
        return record.partition() + "-" + record.offset();
    }

    // --- putting back

    @Override
    public Outcome replay(DeadLetter letter, byte @Nullable [] mended) {
        if (letter.replayed()) {
            return new Outcome.AlreadyReplayed();
        }
        byte @Nullable [] value = mended == null ? letter.value() : mended;
        try {
            Message message = MessageCodec.decode(value, new Cursor(0, 0, 0, 0));
            return put(letter, record(letter, message, Objects.requireNonNull(value)));
        } catch (MessageCodec.InvalidRecord still) {
            return new Outcome.Refused(still.reason());
        }
    }

    private ProducerRecord<String, byte[]> record(DeadLetter letter, Message message, byte[] value) {
        String key = message.recipient().value();
        var record = new ProducerRecord<>(topics.messages(), key, value);
        Headers all = headers(letter);
        all.forEach(header -> {
            if (!header.key().startsWith(MessageHeaders.OURS)) {
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

    /** Where it stood at first; its place here, where that isn't said. */
    private static OriginalPosition originalPosition(DeadLetter letter, Headers headers) {
        String[] here = letter.id().split("-", 2);
        return DeadLetterHeaders.read(headers)
                .map(place -> new OriginalPosition(place.epoch(), place.partition(), place.offset()))
                .orElseGet(
                        () -> new OriginalPosition(UNKNOWN_LIFE, Integer.parseInt(here[0]), Long.parseLong(here[1])));
    }

    private Outcome put(DeadLetter letter, ProducerRecord<String, byte[]> record) {
        RecordMetadata place = acknowledged(record);
        // After the message: in between, a second try is told to be one by its former place.
        var mark = new ProducerRecord<String, byte[]>(topics.deadLetters(), null);
        mark.headers().add(REPLAYED, letter.id().getBytes(StandardCharsets.UTF_8));
        acknowledged(mark);
        return new Outcome.Replayed(place.partition(), place.offset());
    }

    private RecordMetadata acknowledged(ProducerRecord<String, byte[]> record) {
        try {
            return durableProducer.append(record).toFuture().get(MAX_APPEND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new LogUnavailable("The message could not be stored", failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable("The message could not be stored", stopped);
        }
    }
}
