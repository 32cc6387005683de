package chatql.tracing;

import chatql.message.Message;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Follows messages across the log and the pods. Where nobody collects that it is {@link #NONE}. */
public interface MessageTracing {
    /** Follows nothing, writes no header, and costs nothing. */
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
     * The append, as a part of what its subscriber's context belongs to.
     *
     * @param header is given the headers by which whoever reads the record goes on, before the append begins
     * @param id the message's, of what the append gives
     */
    <T> Mono<T> send(String topic, BiConsumer<String, String> header, Function<T, String> id, Mono<T> append);

    /**
     * A live message, before anybody here gets it. Whatever stands in its headers, this doesn't fail.
     *
     * @param header the value of the record's header of a name
     */
    void received(String topic, Message message, Function<String, byte @Nullable []> header);

    /**
     * What is to be run once the message is handed to one listener's connection; does nothing unless this very object was
     * {@link #received}.
     */
    Runnable delivered(Message message);

    /** By which requests to other pods are followed there. */
    ObservationRegistry calls();
}
