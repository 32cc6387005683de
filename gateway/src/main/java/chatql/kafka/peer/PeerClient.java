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
 * Queries other pods over HTTP, with the caller's credentials. Every failure other than {@link AccessDenied} is a
 * {@link HistoryUnavailable}: another pod may soon be able to answer.
 */
public final class PeerClient implements Disposable {
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    /**
     * The maximum size of an answer, in bytes. A page has 4 MiB in memory, and three times that as JSON if all its
     * characters are escaped.
     */
    private static final int MAX_ANSWER_SIZE = 16 << 20;

    /**
     * The maximum number of connections per pod. An answer that waits for history to catch up holds its connection and
     * must not block others.
     */
    private static final int CONNECTIONS = 500;

    /**
     * The maximum length of the credentials, in characters. Together with the request's other lines they fit into a
     * head of 8 KiB.
     */
    private static final int MAX_HEADER_LENGTH = 7_000;

    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");

    /**
     * How many requests may wait for a connection. After the loss of another pod, every subscriber of this pod may
     * query at once.
     */
    private static final int MAX_PENDING = 10_000;

    private final ConnectionProvider connections = ConnectionProvider.builder("peers")
            .maxConnections(CONNECTIONS)
            .pendingAcquireMaxCount(MAX_PENDING)
            .pendingAcquireTimeout(Duration.ofSeconds(5))
            .maxIdleTime(Duration.ofSeconds(30))
            .build();
    /** One batcher per pod, removed when the pod gets no queries for a while. */
    private final Cache<URI, InboxBatcher> inboxBatchers =
            Caffeine.newBuilder().expireAfterAccess(Duration.ofMinutes(5)).build();

    private final WebClient client;
    private final AnswerBudget budget;
    private final boolean traced;

    /**
     * @param timeout until an answer starts
     * @param calls observes each query
     * @param budget of the memory that answers take while they are read
     */
    public PeerClient(LoopResources loops, Duration timeout, ObservationRegistry calls, AnswerBudget budget) {
        this.budget = budget;
        traced = !calls.isNoop();
        HttpClient http = HttpClient.create(connections)
                .runOn(loops)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .responseTimeout(timeout);
        client = WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(http))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(MAX_ANSWER_SIZE))
                .filter(withCallerCredentials())
                .observationRegistry(calls)
                .build();
    }

    private static ExchangeFilterFunction withCallerCredentials() {
        return (request, next) -> Mono.deferContextual(context -> next.exchange(authorization(context)
                .map(credentials -> ClientRequest.from(request)
                        .header(HttpHeaders.AUTHORIZATION, credentials)
                        .build())
                .orElse(request)));
    }

    /** Queries to the given pod, which answers only from its own stores. */
    public StoreQueries owner(HostInfo owner) {
        return new RemoteQueries(this, URI.create("http://" + owner.host() + ":" + owner.port() + PeerRoutes.OWN));
    }

    /** Queries to any history pod at the address, which routes them to the right one. */
    public StoreQueries any(URI address) {
        return new RemoteQueries(this, URI.create(address.toString().replaceAll("/+$", "") + PeerRoutes.ANY));
    }

    <T> Mono<T> ask(URI uri, Object query, Class<T> answer) {
        return client.post()
                .uri(uri)
                .bodyValue(query)
                .exchangeToMono(response -> read(response, answer))
                .onErrorMap(
                        failure -> !(failure instanceof HistoryUnavailable || failure instanceof AccessDenied),
                        PartitionMigrating::new);
    }

    /**
     * While a page is read, it is in memory twice: as text, which is counted here, and as messages, which the
     * operation's reservation counts.
     */
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

    /** Queries an inbox, in a batch with others. With tracing, each query has a request and a span of its own. */
    Mono<Page> inbox(URI base, PeerProtocol.Inbox inbox) {
        return traced
                ? ask(URI.create(base + PeerRoutes.INBOX), inbox, PeerProtocol.Messages.class)
                        .map(PeerProtocol.Messages::page)
                : inboxBatchers.get(base, this::inboxes).ask(inbox);
    }

    private InboxBatcher inboxes(URI base) {
        URI uri = URI.create(base + PeerRoutes.INBOXES);
        return new InboxBatcher(
                MAX_PENDING,
                batch -> client.post()
                        .uri(uri)
                        .headers(headers ->
                                setAuthorization(headers, batch.getFirst().authorization()))
                        .bodyValue(batch)
                        .retrieve()
                        .onStatus(HttpStatusCode::isError, PeerClient::failed)
                        .bodyToFlux(PeerProtocol.Answer.class));
    }

    private static void setAuthorization(HttpHeaders headers, @Nullable String authorization) {
        if (authorization != null) {
            headers.set(HttpHeaders.AUTHORIZATION, authorization);
        }
    }

    /** The caller's credentials; empty if they do not fit into a header, because then they are no valid token. */
    static Optional<String> authorization(ContextView context) {
        return Credentials.from(context)
                .filter(text -> text.length() <= MAX_HEADER_LENGTH
                        && PRINTABLE.matcher(text).matches());
    }

    private static Mono<Throwable> failed(ClientResponse response) {
        return Mono.just(failure(response.statusCode().value()));
    }

    /** The failure that an HTTP status of another pod stands for. */
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
