package chatql.kafka.peer;

import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.kafka.consistency.CatchUp;
import chatql.kafka.consistency.PartitionMigrating;
import chatql.kafka.query.StoreQueries;
import chatql.limit.AnswerBudget;
import chatql.limit.MemoryReservation;
import chatql.user.AccessDenied;
import chatql.user.Credentials;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.observation.ObservationRegistry;
import io.netty.channel.ChannelOption;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.util.context.ContextView;

/**
 * Asks other pods over HTTP, with the credentials of whoever asks here. Every failure is {@link HistoryUnavailable}: it
 * may be another pod soon.
 */
public final class PeerClient implements Disposable {
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    /** In bytes: a page has 4 MiB in memory, and as text three times that where all its characters are escaped. */
    private static final int MAX_ANSWER_SIZE = 16 << 20;

    /** An answer that waits for history to catch up holds its connection, and must not hold up the others. */
    private static final int CONNECTIONS = 500;

    /** Characters of the credentials: with the request's other lines they fit into a head of 8 KiB. */
    private static final int MAX_HEADER_LENGTH = 7_000;

    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");

    /** Every subscriber of a pod may ask at once, after another pod was lost. */
    private static final int WAITING = 10_000;

    private final ConnectionProvider connections = ConnectionProvider.builder("peers")
            .maxConnections(CONNECTIONS)
            .pendingAcquireMaxCount(WAITING)
            .pendingAcquireTimeout(Duration.ofSeconds(5))
            .maxIdleTime(Duration.ofSeconds(30))
            .build();
    /** By pod, as long as there is something to ask it. */
    private final Cache<URI, InboxBatcher> inboxBatchers =
            Caffeine.newBuilder().expireAfterAccess(Duration.ofMinutes(5)).build();

    private final WebClient client;
    private final AnswerBudget budget;
    private final boolean followed;

    /**
     * @param timeout for an answer to begin
     * @param calls where each question is observed
     * @param budget of the memory that answers take until they are read
     */
    public PeerClient(LoopResources loops, Duration timeout, ObservationRegistry calls, AnswerBudget budget) {
        this.budget = budget;
        followed = !calls.isNoop();
        HttpClient http = HttpClient.create(connections)
                .runOn(loops)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .responseTimeout(timeout);
        client = WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(http))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(MAX_ANSWER_SIZE))
                .filter(onBehalfOfTheCaller())
                .observationRegistry(calls)
                .build();
    }

    private static ExchangeFilterFunction onBehalfOfTheCaller() {
        return (request, next) -> Mono.deferContextual(context -> next.exchange(shown(context)
                .map(caller -> ClientRequest.from(request)
                        .header(HttpHeaders.AUTHORIZATION, caller)
                        .build())
                .orElse(request)));
    }

    /** What the pod there keeps itself. */
    public StoreQueries owner(HostInfo owner) {
        return new RemoteQueries(this, URI.create("http://" + owner.host() + ":" + owner.port() + PeerRoutes.OWN));
    }

    /** What any pod keeps, by way of the history pods at the address. */
    public StoreQueries any(URI address) {
        return new RemoteQueries(this, URI.create(address.toString().replaceAll("/+$", "") + PeerRoutes.ANY));
    }

    <T> Mono<T> ask(URI where, Object question, Class<T> answer) {
        return client.post()
                .uri(where)
                .bodyValue(question)
                .exchangeToMono(response -> read(response, answer))
                .onErrorMap(
                        failure -> !(failure instanceof HistoryUnavailable || failure instanceof AccessDenied),
                        PartitionMigrating::new);
    }

    /** A page is in memory twice while it is read: as text that is counted here, and as what its operation has reserved. */
    private <T> Mono<T> read(ClientResponse response, Class<T> answer) {
        if (response.statusCode().isError()) {
            return response.releaseBody()
                    .then(Mono.error(() -> failure(response.statusCode().value())));
        }
        long length = response.headers().contentLength().orElse(MAX_ANSWER_SIZE);
        return Mono.using(
                () -> new MemoryReservation(budget),
                memory -> memory.grow(length)
                        ? response.bodyToMono(answer)
                        : response.releaseBody().then(Mono.error(() -> new PartitionMigrating(null))),
                MemoryReservation::release);
    }

    /** Many at once in one request; each in one of its own where each is followed. */
    Mono<Page> inbox(URI base, PeerProtocol.Inbox inbox) {
        return followed
                ? ask(URI.create(base + PeerRoutes.INBOX), inbox, PeerProtocol.Messages.class)
                        .map(PeerProtocol.Messages::page)
                : inboxBatchers.get(base, this::inboxes).ask(inbox);
    }

    private InboxBatcher inboxes(URI base) {
        URI where = URI.create(base + PeerRoutes.INBOXES);
        return new InboxBatcher(
                WAITING,
                asked -> client.post()
                        .uri(where)
                        .headers(headers -> show(headers, asked.getFirst().authorization()))
                        .bodyValue(asked)
                        .retrieve()
                        .onStatus(HttpStatusCode::isError, PeerClient::failed)
                        .bodyToFlux(PeerProtocol.Answer.class));
    }

    private static void show(HttpHeaders headers, @Nullable String authorization) {
        if (authorization != null) {
            headers.set(HttpHeaders.AUTHORIZATION, authorization);
        }
    }

    /** What the caller shows; nothing where no header could carry it, for then it is no token. */
    static Optional<String> shown(ContextView context) {
        return Credentials.of(context)
                .filter(text -> text.length() <= MAX_HEADER_LENGTH
                        && PRINTABLE.matcher(text).matches());
    }

    private static Mono<Throwable> failed(ClientResponse response) {
        return Mono.just(failure(response.statusCode().value()));
    }

    /** What such an answer of another pod means. */
    static RuntimeException failure(int status) {
        return switch (HttpStatus.resolve(status)) {
            case UNAUTHORIZED -> AccessDenied.unauthorized("The bearer token is not valid");
            case FORBIDDEN -> AccessDenied.forbidden();
            case GATEWAY_TIMEOUT -> CatchUp.late();
            case null, default -> new PartitionMigrating(null);
        };
    }

    @Override
    public void dispose() {
        connections.dispose();
    }
}
