package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;

/** The log lines for operators, and the data that must never be logged. */
@ExtendWith({KafkaBroker.class, OutputCaptureExtension.class})
class LogsIT {
    private static final String DOCUMENT = "mutation($to: String!, $what: String!) {"
            + " createMessage(senderId: \"anna-secret\", recipientId: $to, content: $what) { success errors } }";

    @Test
    void podLogsOneStartLineAndOneShutdownLine(CapturedOutput output) {
        try (var world = new World("logging.level.chatql=info")) {
            world.pod();
        }

        assertThat(lines(output, "Started in "))
                .singleElement()
                .asString()
                .contains("as edge,history", "Kafka at " + KafkaBroker.bootstrapServers());
        assertThat(lines(output, "Shutting down: ")).hasSize(1);
    }

    @Test
    void contentsAndTokensAreNeverLoggedAndUsersOnlyAtDebug(CapturedOutput output) throws Exception {
        try (var world = new World("logging.level.chatql=trace", "chatql.history.catch-up-timeout=300ms")) {
            Pod pod = world.pod();
            try (Following following = pod.chat().follow("ben-secret", "earliest")) {
                post(pod, Map.of("to", "ben-secret", "what", "content-secret"));
                post(pod, Map.of("to", "ben-secret", "what", "content-secret ".repeat(2_000)));
                post(pod, Map.of("to", " ", "what", "content-secret"));
                post(pod, Map.of("to", "ben-secret"));
                postText(pod, "{\"query\": \"content-secret");
                postText(pod, "{\"query\": \"{ content-secret }\"}");
                pod.chat().page(Map.of("userId", "ben-secret"));
                pod.chat().createUser("carl-secret");
                try (var others = new Topic(world, Map.of())) {
                    others.sendRaw("ben-secret", "content-secret, not JSON").get();
                }
                await().atMost(Duration.ofSeconds(20)).until(() -> following.count() >= 1);
            }
        }

        assertThat(output).contains("Started in ");
        assertThat(lines(output, "content-secret")).isEmpty();
        assertThat(lines(output, "token-secret")).isEmpty();
        assertThat(lines(output, "-secret"))
                .noneMatch(line -> line.contains("INFO ") || line.contains("WARN ") || line.contains("ERROR "));
    }

    private static List<String> lines(CapturedOutput output, String part) {
        return output.toString().lines().filter(line -> line.contains(part)).toList();
    }

    private static void post(Pod pod, Map<String, ?> variables) throws Exception {
        postText(pod, JsonMapper.shared().writeValueAsString(Map.of("query", DOCUMENT, "variables", variables)));
    }

    private static void postText(Pod pod, String body) throws Exception {
        URI uri = pod.uri().resolve("/graphql");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .header("Content-Type", "application/json")
                                .header("Authorization", "Bearer token-secret")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).isNotEmpty();
    }
}
