package chatql.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.message.Draft;
import chatql.user.UserId;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON Schema for other services accepts exactly what the gateway accepts. */
class ContractTest {
    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ContractTest.class.getResourceAsStream("/contract/message.schema.json"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"senderId\":\"1\",\"recipientId\":\"2\",\"content\":\"hello\"}",
                "{\"senderId\":\"1\",\"recipientId\":\"2\",\"content\":\"\"}",
                "{\"senderId\":\"1\",\"recipientId\":\"2\",\"content\":\"x\",\"v\":2,\"more\":{\"a\":[null]}}",
                "{\"senderId\":\"1\",\"recipientId\":\"2\"}",
                "{\"recipientId\":\"2\",\"content\":\"x\"}",
                "{\"senderId\":\"1\",\"content\":\"x\"}",
                "{\"senderId\":1,\"recipientId\":\"2\",\"content\":\"x\"}",
                "{\"senderId\":\"1\",\"recipientId\":null,\"content\":\"x\"}",
                "{\"senderId\":\"1\",\"recipientId\":\"2\",\"content\":{}}",
                "{\"senderId\":\"\",\"recipientId\":\"2\",\"content\":\"x\"}",
                "{\"senderId\":\"1\",\"recipientId\":\" \\t\",\"content\":\"x\"}",
                "[]",
                "\"text\"",
                "null"
            })
    void schemaAcceptsExactlyTheValidMessages(String value) {
        assertThat(schema.validate(value, InputFormat.JSON).isEmpty())
                .isEqualTo(MessageCodec.isMessage(value.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 128, 129})
    void schemaBoundsIdsLikeGateway(int length) {
        String value = "{\"senderId\":\"%s\",\"recipientId\":\"2\",\"content\":\"x\"}".formatted("x".repeat(length));

        assertThat(schema.validate(value, InputFormat.JSON).isEmpty()).isEqualTo(length <= UserId.MAX_LENGTH);
    }

    @Test
    void writtenMessageMatchesSchema() {
        byte[] value = MessageCodec.encode(new Draft(new UserId("1"), new UserId("2"), "\u0000\uD83D\uDE00\"\n", null));

        assertThat(schema.validate(new String(value, StandardCharsets.UTF_8), InputFormat.JSON))
                .isEmpty();
    }
}
