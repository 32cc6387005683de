package chatql.tracing;

import chatql.message.Message;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Traces messages across the log and the pods. Without trace export it is {@link #NONE}. */
public interface MessageTracing {
    /** Makes no spans and writes no headers, at no cost. */
    MessageTracing NONE = new MessageTracing() {
        @Override
        public <T> Mono<T> send(
                String topic, BiConsumer<String, String> header, Function<T, String> id, Mono<T> append) {
            return append;
        }

        @Override
        public void received(String topic, Message message, Function<String, byte @Nullable []> header) {}

        @Override
        public Runnable delivered(Message message) {
            return () -> {};
        }

        @Override
        public ObservationRegistry calls() {
            return ObservationRegistry.NOOP;
        }
    };

    /**
     * Traces an append as a child of the span in its subscriber's context.
     *
     * @param header receives the headers that propagate the trace to the record's consumers, before the append
     *     begins
     * @param id extracts the message's id from the result of the append
     */
    <T> Mono<T> send(String topic, BiConsumer<String, String> header, Function<T, String> id, Mono<T> append);

    /**
     * Records a live message before it is delivered to any subscriber. Does not fail, whatever the headers contain.
     *
     * @param header returns the value of the record's header of a name
     */
    void received(String topic, Message message, Function<String, byte @Nullable []> header);

    /**
     * Returns an action to run once the message is handed to one subscriber's connection. The action does nothing
     * unless this very object was {@link #received}.
     */
    Runnable delivered(Message message);

    /** The registry that observes requests to other pods. */
    ObservationRegistry calls();
}
