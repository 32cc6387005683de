package chatql;

import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One subscription as an event stream, from the earliest message on. */
final class EventStream implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Stream<String> lines;

    EventStream(Pod pod, String userId) throws Exception {
        String document = "subscription { messages(userId: \"" + userId + "\", after: \"earliest\") { id } }";
        lines = http.send(
                        HttpRequest.newBuilder(pod.uri()
                                        .resolve("/graphql?query="
                                                + URLEncoder.encode(document, StandardCharsets.UTF_8)))
                                .header("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .body();
        Thread.ofVirtual()
                .start(() -> lines.filter(line -> line.startsWith("data: {")).forEach(events::add));
    }

    void await(int count) {
        Awaitility.await("event " + count).atMost(Duration.ofSeconds(30)).until(() -> events.size() >= count);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
