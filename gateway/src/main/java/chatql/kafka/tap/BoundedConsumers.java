package chatql.kafka.tap;

import chatql.kafka.client.BoundedConsumer;
import chatql.kafka.client.PollBudget;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import reactor.kafka.receiver.ReceiverOptions;
import reactor.kafka.receiver.internals.ConsumerFactory;

/** Has a receiver read through a {@link BoundedConsumer}. It keeps at most four polls: one in each of its queues, one in hand. */
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
