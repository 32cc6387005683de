package chatql.bench.stock;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SubscriptionMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.kafka.sender.KafkaSender;
import reactor.kafka.sender.SenderRecord;
import tools.jackson.databind.json.JsonMapper;

@Controller
class StockController {
    private static final JsonMapper JSON = JsonMapper.shared();

    record Result(
            @Nullable StockMessage message,
            boolean success,
            @Nullable List<String> errors) {}

    private final KafkaSender<String, byte[]> sender;
    private final Flux<StockMessage> messages;
    private final String topic;

    StockController(KafkaSender<String, byte[]> sender, Flux<StockMessage> messages, String topic) {
        this.sender = sender;
        this.messages = messages;
        this.topic = topic;
    }

    @QueryMapping
    String hello() {
        return "Hello";
    }

    @MutationMapping
    Mono<Result> createMessage(@Argument String senderId, @Argument String recipientId, @Argument String content) {
        byte[] value =
                JSON.writeValueAsBytes(Map.of("senderId", senderId, "recipientId", recipientId, "content", content));
        return sender.send(Mono.just(SenderRecord.create(new ProducerRecord<>(topic, recipientId, value), recipientId)))
                .next()
                .map(sent -> {
                    String place = sent.recordMetadata().partition() + "-"
                            + sent.recordMetadata().offset();
                    return new Result(new StockMessage(place, senderId, recipientId, content, place), true, null);
                });
    }

    @SubscriptionMapping
    Flux<StockMessage> messages(@Argument String userId) {
        return messages.filter(message -> message.recipientId().equals(userId));
    }
}
