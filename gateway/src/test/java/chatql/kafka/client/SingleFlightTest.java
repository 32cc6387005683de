package chatql.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class SingleFlightTest {
    private final List<Sinks.One<String>> asked = new ArrayList<>();
    private final SingleFlight<String> answer = new SingleFlight<>(() -> {
        Sinks.One<String> question = Sinks.one();
        asked.add(question);
        return question.asMono();
    });

    @Test
    void callersDuringRequestShareTheNextOne() {
        List<String> results = new ArrayList<>();
        answer.get().subscribe(text -> results.add("first " + text));
        answer.get().subscribe(text -> results.add("second " + text));
        answer.get().subscribe(text -> results.add("third " + text));

        assertThat(asked).hasSize(1);
        asked.get(0).tryEmitValue("old");
        assertThat(results).containsExactly("first old");

        assertThat(asked).hasSize(2);
        asked.get(1).tryEmitValue("new");
        assertThat(results).containsExactly("first old", "second new", "third new");
        assertThat(asked).hasSize(2);
    }

    @Test
    void failureReachesCurrentCallersOnly() {
        var failed = StepVerifier.create(answer.get());
        asked.clear();
        var verifier = failed.expectErrorMessage("gone").verifyLater();
        asked.get(0).tryEmitError(new IllegalStateException("gone"));
        verifier.verify();

        var next = StepVerifier.create(answer.get())
                .expectNext("back")
                .expectComplete()
                .verifyLater();
        asked.get(1).tryEmitValue("back");
        next.verify();
    }
}
