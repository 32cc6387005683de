package chatql.kafka.tap;

import chatql.kafka.client.BoundedConsumer;
import chatql.kafka.client.PollBudget;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import reactor.kafka.receiver.ReceiverOptions;
import reactor.kafka.receiver.internals.ConsumerFactory;

/**
 * Creates {@link BoundedConsumer}s for a receiver. The receiver buffers at most four polls: one in each of its queues,
 * and one that is being processed.
 */
final class BoundedConsumers extends ConsumerFactory {
    static final ConsumerFactory INSTANCE = new BoundedConsumers();

    private BoundedConsumers() {}

    @Override
    @SuppressWarnings("unchecked") // the tap receives text and bytes
    public <K, V> Consumer<K, V> createConsumer(ReceiverOptions<K, V> options) {
        return (Consumer<K, V>)
                new BoundedConsumer<>(options.consumerProperties(), new StringDeserializer(), PollBudget.ofForeign());
    }
}
