package chatql.bench.stock;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Flux;
import reactor.kafka.receiver.KafkaReceiver;
import reactor.kafka.receiver.ReceiverOptions;
import reactor.kafka.sender.KafkaSender;
import reactor.kafka.sender.SenderOptions;

/** The straightforward implementation. Its arguments are the port, the broker's address and the topic. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(StockController.class)
public class StockGateway {
    private static final String BROKER = "stock.broker";
    private static final String TOPIC = "stock.topic";

    public static void main(String[] arguments) {
        new SpringApplication(StockGateway.class)
                .run(
                        "--server.address=127.0.0.1",
                        "--server.port=" + arguments[0],
                        "--spring.main.banner-mode=off",
                        "--spring.kafka.bootstrap-servers=" + arguments[1],
                        "--spring.graphql.schema.locations=classpath:chatql/bench/stock/",
                        "--spring.graphql.websocket.path=/graphql",
                        "--" + BROKER + "=" + arguments[1],
                        "--" + TOPIC + "=" + arguments[2]);
    }

    @Bean
    KafkaSender<String, byte[]> sender(Environment environment) {
        return KafkaSender.create(SenderOptions.create(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                environment.getRequiredProperty(BROKER),
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                StringSerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class)));
    }

    /** All messages, for all subscribers. */
    @Bean
    Flux<StockMessage> said(Environment environment) {
        ReceiverOptions<String, byte[]> options = ReceiverOptions.create(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                environment.getRequiredProperty(BROKER),
                ConsumerConfig.GROUP_ID_CONFIG,
                "stock",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest",
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                50,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
        return KafkaReceiver.create(options.subscription(List.of(environment.getRequiredProperty(TOPIC))))
                .receive()
                .map(StockMessage::of)
                .share();
    }

    @Bean
    String topic(Environment environment) {
        return environment.getRequiredProperty(TOPIC);
    }
}
