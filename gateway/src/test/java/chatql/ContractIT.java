package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the gateway's AsyncAPI document with the records that it writes. */
@ExtendWith(KafkaBroker.class)
class ContractIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static World world;
    private static Pod pod;
    private static JsonNode document;

    @BeforeAll
    static void start() throws Exception {
        world = new World();
        pod = world.pod();
        document = JSON.valueToTree(
                new Yaml().<Object>load(get(pod, "/asyncapi.yaml").body()));
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void documentIsValidAsyncApi() throws Exception {
        Path official = Node.installed().resolve("node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json");
        Schema asyncApi =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(Files.readString(official));

        assertThat(asyncApi.validate(document)).isEmpty();
        assertThat(asyncApi.validate(JSON.readTree("{\"asyncapi\":\"3.0.0\",\"info\":{}}")))
                .as("an invalid document")
                .isNotEmpty();
    }

    @Test
    void documentNamesEveryTopicAndType() throws Exception {
        assertThat(get(pod, "/asyncapi.yaml").headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/vnd.aai.asyncapi+yaml"));
        assertThat(get(pod, "/message.schema.json").headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/schema+json"));
        assertThat(document.at("/components/messages/message/payload/$ref").stringValue())
                .isEqualTo("./message.schema.json");
        assertThat(document.at("/channels")
                        .valueStream()
                        .map(channel -> channel.get("address").stringValue().replace("{prefix}", world.topic(""))))
                .containsExactlyInAnyOrder(world.topic("messages"), world.topic("messages.dlt"));
    }

    @Test
    void writtenRecordsMatchSchema() throws Exception {
        Map<String, Object> message =
                Map.of("senderId", "1", "recipientId", "contract", "content", "hello", "clientMessageId", "some id");
        pod.chat().createMessage(message);
        pod.chat().send("1", "contract", "\u0000 \uD83D\uDE00 \"quoted\"");
        try (Topic topic = new Topic(world, Map.of());
                Following live = pod.chat().follow("contract", "earliest")) {
            topic.sendAstray(null, null, "1", "contract", "astray").get();
            topic.sendRaw("contract", "no JSON").get();
            live.await(3);
        }

        List<ConsumerRecord<byte[], byte[]>> all = TopicRecords.all(world.topic("messages"), 5);
        Schema value = schema(JSON.readTree(get(pod, "/message.schema.json").body()));
        Schema headers = schema(document.at("/components/messages/message/headers"));
        Schema key = schema(document.at("/components/messages/message/bindings/kafka/key"));
        List<ConsumerRecord<byte[], byte[]>> own = all.stream()
                .filter(record -> record.key() != null
                        && TopicRecords.text(record.value()).startsWith("{"))
                .toList();
        assertThat(own).hasSize(3).allSatisfy(record -> {
            assertThat(value.validate(JSON.readTree(record.value()))).isEmpty();
            assertThat(headers.validate(headers(record))).isEmpty();
            assertThat(key.validate(JSON.valueToTree(TopicRecords.text(record.key()))))
                    .isEmpty();
            assertThat(documented("message")).containsAll(headers(record).propertyNames());
        });
        assertThat(TopicRecords.all(world.topic("messages.dlt"), 1))
                .singleElement()
                .satisfies(letter -> assertThat(schema(document.at("/components/messages/deadLetter/headers"))
                                .validate(headers(letter)))
                        .isEmpty());
    }

    @Test
    void documentIsHiddenWhenSchemaIsHidden() throws Exception {
        try (var closed = new World("chatql.auth.introspection=false")) {
            Pod quiet = closed.pod();

            assertThat(get(quiet, "/asyncapi.yaml").statusCode()).isEqualTo(404);
            assertThat(get(quiet, "/message.schema.json").statusCode()).isEqualTo(404);
        }
    }

    private static List<String> documented(String message) {
        return List.copyOf(document.at("/components/messages/" + message + "/headers/properties")
                .propertyNames());
    }

    private static JsonNode headers(ConsumerRecord<byte[], byte[]> record) {
        var headers = new TreeMap<String, String>();
        for (Header header : record.headers()) {
            headers.put(header.key(), TopicRecords.text(header.value()));
        }
        return JSON.valueToTree(headers);
    }

    private static Schema schema(JsonNode schema) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
    }

    private static HttpResponse<String> get(Pod pod, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(pod.uri() + path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
