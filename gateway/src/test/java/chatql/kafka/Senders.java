package chatql.kafka;

import chatql.Chat;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Sends continuously, to a few users in turn, and records each answer. */
public final class Senders implements AutoCloseable {
    private static final Duration DEFAULT_INTERVAL = Duration.ofMillis(20);
    private static final int MAX_CONCURRENT = 1_000;

    /** One attempt: the message, when it was sent, and its answer. */
    public record Attempt(String recipient, String content, JsonNode answer, long began, Duration took) {
        /** When it was answered, in nanoseconds. */
        public long ended() {
            return began + took.toNanos();
        }

        public boolean stored() {
            return answer.get("success").booleanValue();
        }

        boolean refusedWith(String reason) {
            return !stored() && answer.get("errors").get(0).stringValue().startsWith(reason);
        }
    }

    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean paused;
    private final Disposable running;

    Senders(Chat chat, int users) {
        this(chat, users, DEFAULT_INTERVAL);
    }

    public Senders(Chat chat, int users, Duration interval) {
        running = Flux.interval(interval)
                .onBackpressureDrop()
                .filter(tick -> !paused)
                .flatMap(tick -> send(chat, users), MAX_CONCURRENT)
                .subscribe();
    }

    private Mono<Void> send(Chat chat, int users) {
        return Mono.defer(() -> {
            int number = next.getAndIncrement();
            String recipient = user(number % users);
            String content = "message " + number;
            long began = System.nanoTime();
            pending.incrementAndGet();
            return Mono.fromFuture(chat.createMessageAsync(
                            Map.of("senderId", "sender", "recipientId", recipient, "content", content)))
                    .doOnNext(answer -> attempts.add(new Attempt(
                            recipient, content, answer, began, Duration.ofNanos(System.nanoTime() - began))))
                    // Without an answer, the pod acknowledged nothing.
                    .onErrorComplete()
                    .doFinally(signal -> pending.decrementAndGet())
                    .then();
        });
    }

    public static String user(int number) {
        return "user-" + number;
    }

    public Queue<Attempt> attempts() {
        return attempts;
    }

    public long stored() {
        return attempts.stream().filter(Attempt::stored).count();
    }

    /** Sends no further message. */
    public void pause() {
        paused = true;
    }

    /** The number of messages without an answer. */
    public int pending() {
        return pending.get();
    }

    @Override
    public void close() {
        running.dispose();
    }
}
