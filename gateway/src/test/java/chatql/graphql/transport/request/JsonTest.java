package chatql.graphql.transport.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JsonTest {
    private final Json json = new Json();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7_000, 8_000, 8_001, 100_000, 3_000_000})
    void encodingEqualsThatOfJacksonForEverySize(int size) {
        Map<String, Object> value =
                Map.of("data", List.of("x".repeat(size), Collections.nCopies(size % 1_000, "\u00e9\u0000")));

        assertThat(json.write(value)).isEqualTo(JsonMapper.shared().writeValueAsBytes(value));
    }

    @Test
    void textOverLargestSizeIsRejected() {
        assertThat(json.write("x".repeat(Json.MAX_SIZE - 2))).hasSize(Json.MAX_SIZE);

        assertThatThrownBy(() -> json.write(Map.of("data", Collections.nCopies(9, "\u0000".repeat(1 << 18)))))
                .isInstanceOf(RequestRejected.class)
                .hasMessage("A response has at most 8388608 bytes: request fewer entries");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[{},{},{},{},{},{},{},{}]",
                "[[],[],[],[],[],[],[],[]]",
                "{\"query\":\"{ hello }\",\"variables\":{\"a\":1,\"b\":[1.5,true,null,123456789012345678901234567890]}}",
                "[1e999999999]"
            })
    void valueIsEstimatedLargerThanItsText(String text) {
        Object value = json.read(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

        assertThat(JsonBytes.of(value)).isBetween((long) text.length(), 40L * text.length());
    }
}
