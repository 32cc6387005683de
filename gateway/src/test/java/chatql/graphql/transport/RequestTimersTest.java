package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class RequestTimersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RequestTimers timers = new RequestTimers(meters, "/graphql");

    @ParameterizedTest
    @CsvSource({"POST,200", "GET,200", "POST,400", "GET,405", "POST,503", "GET,101", "BREW,405", "POST,499", "POST,799"
    })
    void theLabelsAreThoseOfSpringsObservation(String method, int status) {
        MockServerWebExchange exchange = exchange(HttpMethod.valueOf(method));

        timers.timed(exchange, answered(exchange, status)).block();

        assertThat(labels()).containsExactlyInAnyOrderElementsOf(expected(exchange, "none"));
    }

    @Test
    void aFailureIsNamed() {
        MockServerWebExchange exchange = exchange(HttpMethod.POST);

        timers.timed(exchange, answered(exchange, 200).then(Mono.error(new IllegalStateException())))
                .onErrorComplete()
                .block();

        assertThat(labels())
                .contains(Tag.of("error", "IllegalStateException"), Tag.of("exception", "IllegalStateException"));
    }

    @Test
    void whoeverGoesBeforeTheAnswerHasNoStatus() {
        timers.timed(exchange(HttpMethod.POST), Mono.never()).subscribe().dispose();

        assertThat(labels()).contains(Tag.of("status", "UNKNOWN"), Tag.of("outcome", "UNKNOWN"));
    }

    @Test
    void whateverMethodsClientsThinkOfHaveOneTimer() {
        for (String method : List.of("BREW", "WHEN", "PROPFIND")) {
            MockServerWebExchange exchange = exchange(HttpMethod.valueOf(method));
            timers.timed(exchange, answered(exchange, 405)).block();
        }

        assertThat(meters.get("http.server.requests")
                        .tag("method", "UNKNOWN")
                        .timer()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void theTimeIsFromTheBeginningToTheEnd() {
        MockServerWebExchange exchange = exchange(HttpMethod.POST);
        Duration wait = Duration.ofMillis(20);

        timers.timed(exchange, Mono.delay(wait, Schedulers.parallel()).then(answered(exchange, 200)))
                .block();

        assertThat(meters.get("http.server.requests").timer().max(TimeUnit.NANOSECONDS))
                .isGreaterThanOrEqualTo(wait.toNanos());
    }

    private static MockServerWebExchange exchange(HttpMethod method) {
        return MockServerWebExchange.from(MockServerHttpRequest.method(method, "/graphql"));
    }

    private static Mono<Void> answered(MockServerWebExchange exchange, int status) {
        return Mono.defer(() -> {
            exchange.getResponse().setStatusCode(status == 200 ? HttpStatus.OK : HttpStatusCode.valueOf(status));
            return exchange.getResponse().setComplete();
        });
    }

    private List<Tag> labels() {
        return meters.get("http.server.requests").timer().getId().getTags();
    }

    private static List<Tag> expected(MockServerWebExchange exchange, String error) {
        var observed = new ServerRequestObservationContext(
                exchange.getRequest(), exchange.getResponse(), exchange.getAttributes());
        observed.setPathPattern("/graphql");
        Stream<KeyValue> labels =
                new DefaultServerRequestObservationConvention().getLowCardinalityKeyValues(observed).stream();
        return Stream.concat(
                        Stream.of(Tag.of("error", error)),
                        labels.map(label -> Tag.of(label.getKey(), label.getValue())))
                .toList();
    }
}
