package chatql.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.kafka.query.DuplicateLookup;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Message;
import chatql.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class IdempotentAppendTest {
    private static final Draft.Identity IDENTITY = new Draft.Identity(new UserId("anna"), new UserId("ben"), "id");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicReference<DuplicateLookup> known = new AtomicReference<>(new DuplicateLookup(null, 0));
    private final IdempotentAppend idempotentAppend =
            new IdempotentAppend(identity -> Mono.fromSupplier(known::get), now::get);
    private int appended;

    @Test
    void retryWithin24HoursIsAnsweredWithFirstMessage() {
        Message first = send();
        now.set(START.plus(Duration.ofHours(24)));

        assertThat(send()).isEqualTo(first);
        assertThat(appended).isOne();
    }

    @Test
    void sameIdAfter24HoursIsAnotherMessage() {
        Message first = send();
        now.set(START.plus(Duration.ofHours(25)));
        Message second = send();

        assertThat(second).isNotEqualTo(first);
        assertThat(send()).isEqualTo(second);
        assertThat(appended).isEqualTo(2);
    }

    @Test
    void messageKnownToHistoryIsRememberedFor24HoursFromItsTimestamp() {
        Message first = message(START.minus(Duration.ofHours(20)));
        known.set(new DuplicateLookup(first, 0));
        assertThat(send()).isEqualTo(first);
        known.set(new DuplicateLookup(null, 0));
        now.set(START.plus(Duration.ofHours(5)));

        assertThat(send()).isNotEqualTo(first);
        assertThat(appended).isOne();
    }

    @Test
    void messageAheadOfClockIsRememberedFor24HoursFromSending() {
        Message ahead = message(START.plus(Duration.ofDays(1_000)));
        known.set(new DuplicateLookup(ahead, 0));
        assertThat(send()).isEqualTo(ahead);
        known.set(new DuplicateLookup(null, 0));
        now.set(START.plus(Duration.ofHours(25)));

        assertThat(send()).isNotEqualTo(ahead);
    }

    private Message send() {
        return idempotentAppend
                .first(
                        IDENTITY,
                        checked -> Mono.fromSupplier(() -> {
                            appended++;
                            return message(now.get());
                        }))
                .block(Duration.ofSeconds(5));
    }

    private static Message message(Instant at) {
        return new Message(
                new Cursor(0x1000, at.toEpochMilli(), 0, 1), IDENTITY.sender(), IDENTITY.recipient(), "hello");
    }
}
