package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.security.SecurityHeaders;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

/** A request has the same response with and without WebFlux. */
@Timeout(60)
class GraphQlRoutingTest {
    private static final int REQUESTS = 1_500;
    private static final List<String> METHODS =
            List.of("POST", "POST", "POST", "GET", "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW");
    private static final List<String> TARGETS = List.of(
            "/graphql",
            "/graphql",
            "/graphql",
            "/graphql?query=%7Bhello%7D",
            "/graphql?query=query(%24t:String!)%7Becho(text:%24t)%7D&variables=%7B%22t%22:%22a%20%2B;%22%7D",
            "/graphql?query=mutation%7Btouch%7D",
            "/graphql?query=",
            "/graphql?query=%7Bhello%7D&variables=x",
            "/graphql?",
            "/graphql/",
            "/graphqlx",
            "//graphql",
            "/Graphql");
    private static final List<String> ACCEPTS = List.of(
            "Accept: application/json",
            "Accept: application/graphql-response+json",
            "Accept: text/event-stream",
            "Accept: */*",
            "Accept: image/png",
            "Accept: nonsense",
            "X: y");
    private static final List<String> TYPES = List.of(
            "Content-Type: application/json",
            "Content-Type: application/json",
            "Content-Type: application/json",
            "Content-Type: application/json;charset=UTF-16",
            "Content-Type: text/plain",
            "Content-Type: nonsense",
            "Content-Type: ",
            "Y: z");
    private static final List<String> BODIES = List.of(
            "{\"query\":\"{ hello }\"}",
            "{\"query\":\"query($t: String!) { echo(text: $t) }\",\"variables\":{\"t\":\"\u00e9\"}}",
            "{\"query\":\"{ broken }\"}",
            "{\"query\":\"{ nothing }\"}",
            "{\"query\":\"subscription { count(to: 2) }\"}",
            "{\"query\":\"subscription { refused }\"}",
            "{\"query\":\"\"}",
            "{\"query\":",
            "[]",
            "");
    private static final List<String> OTHERS = List.of(
            "Accept-Language: de, en;q=0.5",
            "Accept-Language: *-*-nonsense-",
            "Cookie: a=b; c=d",
            "Last-Event-ID: 7",
            "X-Forwarded-For: 1.2.3.4",
            "Expect: 100-continue",
            "Upgrade: websocket",
            "Z: z");

    @Configuration(proxyBeanMethods = false)
    static class Protected extends TransportWiringTest.Application {
        @Bean
        WebFilter protectiveHeaders() {
            return new SecurityHeaders();
        }
    }

    @Test
    void directAndPageRequestsGetSameAnswers() throws Exception {
        Random random = new Random(7);
        try (ConfigurableApplicationContext context = TransportWiringTest.start(Protected.class)) {
            int port = TransportWiringTest.port(context);
            for (int each = 0; each < REQUESTS; each++) {
                String request = random(random);

                String direct = answer(port, request.replace("ORIGIN\r\n", ""));
                String page = answer(port, request.replace("ORIGIN", "Origin: http://localhost"));

                assertThat(plain(direct)).as(request).isEqualTo(plain(page));
            }
        }
    }

    private static String random(Random random) {
        String body = any(random, BODIES);
        return any(random, METHODS) + " " + any(random, TARGETS)
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nORIGIN\r\n"
                + any(random, ACCEPTS) + "\r\n" + any(random, TYPES) + "\r\n"
                + (random.nextInt(3) == 0 ? any(random, OTHERS) + "\r\n" : "") + "Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private static String any(Random random, List<String> choice) {
        return choice.get(random.nextInt(choice.size()));
    }

    private static String answer(int port, String request) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The headers sorted by name, because their order has no meaning, without those that differ for each request. */
    private static String plain(String answer) {
        String last = answer.replaceFirst("(?s)^HTTP/1.1 100 Continue.*?\r\n\r\n", "");
        String[] parts = last.split("\r\n\r\n", 2);
        List<String> lines = Arrays.asList(parts[0].split("\r\n"));
        var headers = lines.stream()
                .skip(1)
                .map(line -> line.split(": ?", 2))
                .collect(Collectors.groupingBy(
                        header -> header[0].toLowerCase(Locale.ROOT),
                        TreeMap::new,
                        Collectors.mapping(header -> header[1], Collectors.toList())));
        String body = parts.length > 1
                ? parts[1].replaceAll("[0-9a-f]{8}((-[0-9a-f]{4}){3}-[0-9a-f]{12}|-[0-9]+)", "ID")
                : "";
        return lines.getFirst() + "\n" + headers + "\n" + body;
    }
}
