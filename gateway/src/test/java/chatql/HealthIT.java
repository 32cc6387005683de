package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The health endpoints, on both ports. */
@ExtendWith(KafkaBroker.class)
class HealthIT {
    @Test
    void readinessHasEveryPartLivenessNoneOnManagementPortOnly() throws Exception {
        try (var world = new World()) {
            Pod pod = world.pod();

            JsonNode ready = JsonMapper.shared()
                    .readTree(get(pod.management(), "readiness").body());
            String alive = get(pod.management(), "liveness").body();

            assertThat(ready.get("status").stringValue()).isEqualTo("UP");
            assertThat(ready.get("components").propertyNames())
                    .containsExactlyInAnyOrder("readinessState", "broker", "log", "tap", "history");
            assertThat(ready.at("/components/broker/details/nodes").intValue()).isEqualTo(1);
            assertThat(ready.at("/components/history/details/state").stringValue())
                    .isEqualTo("RUNNING");
            assertThat(ready.toString()).doesNotContain(KafkaBroker.bootstrapServers());
            assertThat(alive).isEqualTo("{\"status\":\"UP\"}");
            assertThat(get(pod.uri(), "readiness").statusCode()).isEqualTo(404);
            assertThat(get(pod.uri(), "liveness").statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(URI pod, String group) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(pod.resolve("/actuator/health/" + group))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
