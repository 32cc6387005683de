package chatql.kafka.peer;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.kafka.consistency.PartitionMigrating;
import chatql.user.AccessDenied;
import chatql.user.Credentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

class InboxBatcherTest {
    private static final int MAX_UNACKNOWLEDGED = 8;
    private static final int MAX_COUNT = 100;

    /** A request that the pod received, and the sink for its answers. */
    private record Request(List<PeerProtocol.BatchedInbox> batch, Sinks.Many<PeerProtocol.Answer> answers) {
        void acknowledge() {
            answers.tryEmitNext(PeerProtocol.Answer.KEEP_ALIVE).orThrow();
        }

        void answer(int of) {
            answers.tryEmitNext(answered(of, batch.get(of))).orThrow();
        }
    }

    private final List<Request> requests = new ArrayList<>();
    private final InboxBatcher inboxBatcher = new InboxBatcher(MAX_COUNT, batch -> {
        requests.add(new Request(batch, Sinks.many().unicast().onBackpressureBuffer()));
        return requests.getLast().answers().asFlux();
    });
    private final List<String> results = new ArrayList<>();

    // --- batching

    @Test
    void fewRequestsAreSentAtOnceAndAlone() {
        for (int i = 0; i < MAX_UNACKNOWLEDGED; i++) {
            ask(i);
        }

        assertThat(sizes()).hasSize(MAX_UNACKNOWLEDGED).containsOnly(1);
    }

    @Test
    void waitingRequestsAreBatchedOnceOneIsAcknowledged() {
        for (int i = 0; i < MAX_UNACKNOWLEDGED + 40; i++) {
            ask(i);
        }
        assertThat(requests).hasSize(MAX_UNACKNOWLEDGED);

        requests.get(0).acknowledge();
        assertThat(sizes()).endsWith(1, 32);
        requests.get(1).acknowledge();

        assertThat(sizes()).endsWith(1, 32, 8);
    }

    @Test
    void acknowledgedRequestBlocksNoOtherHoweverLateItsAnswers() {
        for (int i = 0; i < 5 * MAX_UNACKNOWLEDGED; i++) {
            ask(i);
            requests.getLast().acknowledge();
        }

        assertThat(sizes()).hasSize(5 * MAX_UNACKNOWLEDGED).containsOnly(1);
        assertThat(results).isEmpty();
    }

    @Test
    void failedRequestFreesItsSlot() {
        for (int i = 0; i < MAX_UNACKNOWLEDGED + 1; i++) {
            ask(i);
        }

        requests.get(0)
                .answers()
                .tryEmitError(new IllegalStateException("gone"))
                .orThrow();

        assertThat(results).containsExactly("0: moving");
        assertThat(requests).hasSize(MAX_UNACKNOWLEDGED + 1);
    }

    @Test
    void cancelledRequestIsNotSent() {
        exhaustRequests();
        Disposable cancelled = ask(100);
        ask(101);

        cancelled.dispose();
        requests.get(0).acknowledge();

        assertThat(users(requests.getLast())).containsExactly("101");
    }

    @Test
    void requestBeyondWaitingLimitFails() {
        exhaustRequests();
        for (int i = 0; i < MAX_COUNT; i++) {
            ask(i);
        }
        assertThat(results).isEmpty();

        ask(MAX_COUNT);

        assertThat(results).containsExactly(MAX_COUNT + ": moving");
    }

    // --- credentials

    @Test
    void eachRequestCarriesItsOwnCredentials() {
        exhaustRequests();
        ask(100, "Bearer one");
        ask(101, null);
        ask(102, "Bearer two");

        requests.get(0).acknowledge();

        assertThat(requests.getLast().batch())
                .extracting(PeerProtocol.BatchedInbox::authorization)
                .containsExactly("Bearer one", null, "Bearer two");
    }

    @Test
    void longCredentialsAreNotBatched() {
        exhaustRequests();
        for (int i = 0; i < 20; i++) {
            ask(100 + i, "x".repeat(7_000));
        }

        for (int i = 0; i < 3; i++) {
            requests.get(i).acknowledge();
        }

        assertThat(sizes()).endsWith(1, 9, 9, 2);
    }

    // --- answers

    @Test
    void answersAreMatchedInAnyOrder() {
        Request batched = batched(100, 101, 102);

        batched.answer(2);
        assertThat(results).containsExactly("102: 102");
        batched.answers().tryEmitNext(new PeerProtocol.Answer(0, 403, null)).orThrow();
        batched.answer(1);

        assertThat(results).containsExactly("102: 102", "100: AccessDenied", "101: 101");
    }

    @Test
    void unansweredRequestMayBeRetriedElsewhere() {
        Request batched = batched(100, 101);
        batched.answer(1);

        batched.answers().tryEmitComplete().orThrow();

        assertThat(results).containsExactly("101: 101", "100: moving");
    }

    @Test
    void invalidTokenOfFirstFailsItAloneAndOthersAreRetried() {
        exhaustRequests();
        IntStream.of(100, 101, 102).forEach(this::ask);
        requests.get(0).acknowledge();
        Request batched = requests.getLast();

        batched.answers().tryEmitError(AccessDenied.unauthorized("ended")).orThrow();

        assertThat(results).containsExactly("100: AccessDenied");
        assertThat(users(requests.getLast())).containsExactly("101", "102");
        requests.getLast().acknowledge();
        requests.getLast().answer(1);
        requests.getLast().answer(0);
        assertThat(results).containsExactly("100: AccessDenied", "102: 102", "101: 101");
    }

    @Test
    void credentialsInvalidAsHeaderAreNotSent() {
        ask(0, "Bearer good");
        ask(1, "Bearer a\r\nb");
        ask(2, "\u0001".repeat(10));
        ask(3, "x".repeat(10_000));

        assertThat(requests.stream().map(request -> request.batch().getFirst().authorization()))
                .containsExactly("Bearer good", null, null, null);
    }

    @Test
    void statusesMeanTheSameAsForSingleRequest() {
        assertThat(PeerClient.failure(401)).isInstanceOf(AccessDenied.class);
        assertThat(PeerClient.failure(403)).isInstanceOf(AccessDenied.class);
        assertThat(PeerClient.failure(504))
                .isInstanceOf(HistoryUnavailable.class)
                .isNotInstanceOf(PartitionMigrating.class);
        assertThat(PeerClient.failure(503)).isInstanceOf(PartitionMigrating.class);
        assertThat(PeerClient.failure(500)).isInstanceOf(PartitionMigrating.class);
        assertThat(PeerClient.failure(999)).isInstanceOf(PartitionMigrating.class);
    }

    @Test
    void concurrentRequestsGetTheirOwnAnswers() {
        var concurrent = new InboxBatcher(
                10_000,
                batch -> Flux.just(PeerProtocol.Answer.KEEP_ALIVE)
                        .concatWith(Flux.fromStream(
                                        IntStream.range(0, batch.size()).boxed())
                                .flatMap(i -> Mono.delay(Duration.ofMillis(
                                                ThreadLocalRandom.current().nextInt(5)))
                                        .map(late -> answered(i, batch.get(i)))))
                        .delaySubscription(
                                Duration.ofMillis(ThreadLocalRandom.current().nextInt(5))));
        var numbers = new Random(1).ints(5_000, 0, 1_000_000).boxed().toList();

        var answered = Flux.fromIterable(numbers)
                .parallel(4)
                .runOn(Schedulers.parallel())
                .flatMap(number -> concurrent.ask(inbox(number)).map(page -> number(page) == number), false, 2_000)
                .sequential()
                .collectList();

        StepVerifier.create(answered)
                .assertNext(all -> assertThat(all).hasSize(numbers.size()).containsOnly(true))
                .expectComplete()
                .verify(Duration.ofMinutes(1));
    }

    /** Uses up all unacknowledged requests. */
    private void exhaustRequests() {
        for (int i = 0; i < MAX_UNACKNOWLEDGED; i++) {
            ask(i);
        }
    }

    /** Sends one request with all of these queries, which the pod acknowledges. */
    private Request batched(int... users) {
        exhaustRequests();
        IntStream.of(users).forEach(this::ask);
        requests.get(0).acknowledge();
        requests.getLast().acknowledge();
        return requests.getLast();
    }

    private Disposable ask(int user) {
        return ask(user, null);
    }

    private Disposable ask(int user, String authorization) {
        return inboxBatcher
                .ask(inbox(user))
                .contextWrite(new Credentials(authorization).writeTo(Context.empty()))
                .subscribe(
                        page -> results.add(user + ": " + number(page)),
                        failure -> results.add(user + ": "
                                + (failure instanceof PartitionMigrating
                                        ? "moving"
                                        : failure.getClass().getSimpleName())));
    }

    private List<Integer> sizes() {
        return requests.stream().map(request -> request.batch().size()).toList();
    }

    private static List<String> users(Request request) {
        return request.batch().stream()
                .map(batchedInbox -> batchedInbox.inbox().user())
                .toList();
    }

    private static PeerProtocol.Inbox inbox(int user) {
        return new PeerProtocol.Inbox(Integer.toString(user), 0, 0, 0, 0);
    }

    /** A page with one message, whose offset is the user's number. */
    private static PeerProtocol.Answer answered(int of, PeerProtocol.BatchedInbox query) {
        String user = query.inbox().user();
        var messageDto = new PeerProtocol.MessageDto(1, 1_000, 0, Long.parseLong(user), "sender", user, "hello");
        return new PeerProtocol.Answer(of, 200, new PeerProtocol.Messages(List.of(messageDto), false, false));
    }

    private static int number(Page page) {
        return (int) page.messages().getFirst().cursor().offset();
    }
}
