package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.execution.SharedResult;
import chatql.graphql.transport.request.Json;
import chatql.graphql.transport.sse.SseEncoder;
import chatql.graphql.transport.websocket.GraphQlWsEncoder;
import graphql.ExecutionResult;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperationEncoderTest {
    private static final Map<String, Object> DATA = Map.of("messages", Map.of("content", "\"Hello\"\n\uD83D\uDE00"));

    private final Json json = new Json();
    private final ExecutionResult ordinary =
            ExecutionResult.newExecutionResult().data(DATA).build();
    private final ExecutionResult told = new SharedResult(DATA);

    @Test
    void sharedResultOverWebSocketEqualsOrdinaryResult() {
        for (String id : new String[] {"1", "a \"quoted\" id", "\u05E9\u2028\u0000"}) {
            var wording = new GraphQlWsEncoder(json, id);

            assertThat(text(wording.next(told, null))).isEqualTo(text(wording.next(ordinary, null)));
        }
    }

    @Test
    void sharedResultAsServerSentEventEqualsOrdinaryResult() {
        var wording = new SseEncoder(json);

        assertThat(text(wording.next(told, "7"))).isEqualTo(text(wording.next(ordinary, "7")));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
