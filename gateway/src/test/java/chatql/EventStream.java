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

/** One subscription as an event stream. */
final class EventStream implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final Stream<String> lines;

    EventStream(Pod pod, String userId, String after) throws Exception {
        String document = "subscription { messages(userId: \"" + userId + "\", after: \"" + after + "\") { id } }";
        lines = http.send(
                        HttpRequest.newBuilder(pod.uri()
                                        .resolve("/graphql?query="
                                                + URLEncoder.encode(document, StandardCharsets.UTF_8)))
                                .header("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .body();
        Thread.ofVirtual().start(() -> lines.forEach(this::read));
    }

    /** An event's id comes before its data. */
    private void read(String line) {
        if (line.startsWith("id:")) {
            ids.add(line.substring("id:".length()).strip());
        } else if (line.startsWith("data: {")) {
            events.add(line.substring("data: ".length()));
        }
    }

    /** The data of the events so far. */
    List<String> events() {
        return events;
    }

    List<String> ids() {
        return ids;
    }

    void await(int count) {
        Awaitility.await("event " + count).atMost(Duration.ofSeconds(30)).until(() -> events.size() >= count);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
