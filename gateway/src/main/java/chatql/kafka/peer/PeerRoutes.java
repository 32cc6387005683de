package chatql.kafka.peer;

import chatql.history.HistoryUnavailable;
import chatql.json.UntrustedJson;
import chatql.kafka.consistency.PartitionMigrating;
import chatql.kafka.query.StoreQueries;
import chatql.kafka.store.TimelineReader;
import chatql.kafka.topic.TopicSettings;
import chatql.limit.AnswerBudget;
import chatql.limit.MemoryReservation;
import chatql.logging.RateLimitedLogger;
import chatql.user.AccessDenied;
import chatql.user.AuthenticationUnavailable;
import chatql.user.Caller;
import chatql.user.CallerAuthenticator;
import chatql.user.Credentials;
import chatql.user.UserId;
import chatql.user.Username;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers the queries of other pods. Below {@value #OWN} it answers from this pod's stores only: it rejects queries for
 * other partitions and never forwards them to a third pod. Below {@value #ANY} it routes to any pod, on behalf of pods
 * without stores.
 */
public record PeerRoutes(
        StoreQueries storeQueries, CallerAuthenticator callerAuthenticator, long epoch, TopicSettings topics) {
    private static final RateLimitedLogger LOG = new RateLimitedLogger(PeerRoutes.class);

    /** The estimated size of an answer with many messages, in bytes. */
    private static final int PAGE_ESTIMATE = 256 << 10;

    /** Configured as the codecs of {@link PeerClient} are. */
    private static final JsonMapper JSON =
            UntrustedJson.mapper(UntrustedJson.MAX_NAME_LENGTH).build();

    public static final String OWN = "/peer/own";
    public static final String ANY = "/peer/any";

    static final String TIMELINE = "/timeline";
    static final String INBOX = "/inbox";
    static final String INBOXES = "/inboxes";
    static final String DUPLICATE_LOOKUP = "/duplicate-lookup";
    static final String NAME = "/name";
    static final String ALIKE = "/alike";
    static final String NAMES = "/names";

    private static final ParameterizedTypeReference<List<PeerProtocol.BatchedInbox>> BATCH =
            new ParameterizedTypeReference<>() {};

    /** The timeout for the whole body, which a pod sends together with the head. */
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(5);

    public RouterFunction<ServerResponse> routes(String base) {
        return RouterFunctions.route()
                .POST(base + INBOXES, requireRoom(this::inboxes))
                .POST(base + TIMELINE, requireRoom(this::timeline))
                .POST(base + INBOX, requireRoom(this::inbox))
                .POST(base + DUPLICATE_LOOKUP, this::duplicateLookup)
                .POST(base + NAME, this::name)
                .POST(base + ALIKE, this::alike)
                .POST(base + NAMES, this::names)
                .filter(this::asCaller)
                .build();
    }

    /** Rejects queries for pages before their body is read, while there is no room for a page. */
    private static HandlerFunction<ServerResponse> requireRoom(HandlerFunction<ServerResponse> next) {
        return request -> MemoryReservation.of(request.exchange()).hasRoom(PAGE_ESTIMATE)
                ? next.handle(request)
                : ServerResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
                        .header(HttpHeaders.CONNECTION, "close")
                        .build();
    }

    /**
     * Authenticates the caller. For a batch it is the caller of the first query: no body is read for a client without
     * credentials.
     */
    private Mono<ServerResponse> asCaller(ServerRequest request, HandlerFunction<ServerResponse> next) {
        String authorization = request.headers().firstHeader(HttpHeaders.AUTHORIZATION);
        return as(authorization, Mono.defer(() -> next.handle(request)))
                .onErrorResume(
                        PeerRoutes::isAnswered,
                        failure -> ServerResponse.status(status(failure)).build());
    }

    /**
     * Authenticates the caller as if it had connected to this pod, and keeps the credentials for further queries. If
     * they cannot be checked now, another pod may be able to, or this one soon.
     */
    private <T> Mono<T> as(@Nullable String authorization, Mono<T> answer) {
        return callerAuthenticator
                .authenticate(authorization)
                .onErrorMap(failure -> !(failure instanceof AccessDenied), PartitionMigrating::new)
                .flatMap(caller -> answer.contextWrite(
                        context -> new Credentials(authorization).writeTo(caller.writeTo(context))));
    }

    private static boolean isAnswered(Throwable failure) {
        return failure instanceof AccessDenied
                || failure instanceof AuthenticationUnavailable
                || failure instanceof HistoryUnavailable;
    }

    /** Maps failures to statuses: another pod may answer, the wait timed out, or access is denied. */
    private static HttpStatus status(Throwable failure) {
        return switch (failure) {
            case PartitionMigrating partitionMigrating -> HttpStatus.SERVICE_UNAVAILABLE;
            case AuthenticationUnavailable notNow -> HttpStatus.SERVICE_UNAVAILABLE;
            case HistoryUnavailable late -> HttpStatus.GATEWAY_TIMEOUT;
            case AccessDenied denied ->
                denied.reason() == AccessDenied.Reason.FORBIDDEN ? HttpStatus.FORBIDDEN : HttpStatus.UNAUTHORIZED;
            default -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    private static Mono<Void> mayRead(UserId user) {
        return Caller.current()
                .flatMap(caller -> caller.mayRead(user) ? Mono.empty() : Mono.error(AccessDenied.forbidden()));
    }

    private static Mono<Void> maySendAs(UserId user) {
        return Caller.current()
                .flatMap(caller -> caller.maySendAs(user) ? Mono.empty() : Mono.error(AccessDenied.forbidden()));
    }

    private <T extends PeerProtocol.PeerRequest> Mono<T> readQuery(ServerRequest request, Class<T> type) {
        return complete(request.bodyToMono(type)).map(this::checked);
    }

    private static <T> Mono<T> complete(Mono<T> body) {
        return body.timeout(BODY_TIMEOUT)
                .onErrorMap(PeerRoutes::isLate, late -> new ResponseStatusException(HttpStatus.REQUEST_TIMEOUT))
                .onErrorMap(PeerRoutes::isLost, lost -> badRequest(lost))
                .switchIfEmpty(Mono.error(() -> badRequest(null)));
    }

    /** Whether the other pod disconnected before its body was complete. */
    private static boolean isLost(Throwable failure) {
        return failure instanceof IOException || failure instanceof AbortedException;
    }

    /** Whether this timeout has expired, or that of the connection. */
    private static boolean isLate(Throwable failure) {
        return failure instanceof TimeoutException || failure instanceof ReadTimeoutException;
    }

    private <T extends PeerProtocol.PeerRequest> T checked(T query) {
        try {
            query.check(topics);
            return query;
        } catch (RuntimeException invalid) {
            throw badRequest(invalid);
        }
    }

    private static ServerWebInputException badRequest(@Nullable Throwable cause) {
        return new ServerWebInputException("Invalid query from a peer", null, cause);
    }

    private Mono<ServerResponse> timeline(ServerRequest request) {
        return readQuery(request, PeerProtocol.Timeline.class)
                .flatMap(query -> mayRead(new UserId(query.user()))
                        .then(reserve(MemoryReservation.of(request.exchange()), query.size()))
                        .then(Mono.defer(() ->
                                storeQueries.timeline(new UserId(query.user()), query.pageRequest(), query.written()))))
                .flatMap(page -> ok(request, PeerProtocol.Messages.of(page)));
    }

    private Mono<ServerResponse> inbox(ServerRequest request) {
        MemoryReservation memory = MemoryReservation.of(request.exchange());
        return readQuery(request, PeerProtocol.Inbox.class)
                .flatMap(query -> inbox(query, memory))
                .flatMap(page -> ok(request, page));
    }

    private Mono<PeerProtocol.Messages> inbox(PeerProtocol.Inbox query, MemoryReservation memory) {
        var user = new UserId(query.user());
        return mayRead(user)
                .then(room(memory))
                .then(Mono.defer(() -> storeQueries.inbox(user, query.after(epoch), query.end())))
                .map(PeerProtocol.Messages::of);
    }

    private Mono<ServerResponse> inboxes(ServerRequest request) {
        return complete(request.bodyToMono(BATCH))
                .map(this::checked)
                .flatMap(query -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_NDJSON)
                        .body((response, context) -> response.writeAndFlushWith(answers(
                                        query, MemoryReservation.of(request.exchange()))
                                .map(line -> Mono.just(response.bufferFactory().wrap(line))))));
    }

    /** Streams one line of JSON per answer, after one that acknowledges the batch. */
    private Flux<byte[]> answers(List<PeerProtocol.BatchedInbox> query, MemoryReservation memory) {
        return Flux.range(0, query.size())
                .flatMap(number -> answer(number, query.get(number), memory), InboxBatcher.MAX_SIZE)
                .startWith(line(PeerProtocol.Answer.KEEP_ALIVE));
    }

    private Mono<byte[]> answer(int number, PeerProtocol.BatchedInbox query, MemoryReservation memory) {
        return as(query.authorization(), inbox(query.inbox(), memory))
                .map(page -> line(new PeerProtocol.Answer(number, HttpStatus.OK.value(), page)))
                .map(line -> reserved(memory.grow(line.length), line))
                .doOnError(
                        failure -> !isAnswered(failure),
                        failure -> LOG.error("An inbox query of another pod failed", failure))
                .onErrorResume(failure -> Mono.just(
                        line(new PeerProtocol.Answer(number, status(failure).value(), null))));
    }

    private static byte[] line(PeerProtocol.Answer answer) {
        byte[] json = JSON.writeValueAsBytes(answer);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /** Reserves memory for a page, as for a client's page. */
    private static Mono<Void> reserve(MemoryReservation memory, int entries) {
        long page = Math.min(TimelineReader.MAX_PAGE_SIZE, (long) entries * AnswerBudget.ENTRY);
        return Mono.defer(() -> memory.resize(page) ? Mono.empty() : Mono.error(new PartitionMigrating(null)));
    }

    /** Checks for room before the read, so that nothing is read for an answer that cannot be held. */
    private static Mono<Void> room(MemoryReservation memory) {
        return Mono.defer(
                () -> memory.hasRoom(PAGE_ESTIMATE) ? Mono.empty() : Mono.error(new PartitionMigrating(null)));
    }

    /** Returns the answer if it fits. Otherwise another pod may have room, or this one soon. */
    private static byte[] reserved(boolean fits, byte[] answer) {
        if (!fits) {
            throw new PartitionMigrating(null);
        }
        return answer;
    }

    private List<PeerProtocol.BatchedInbox> checked(List<PeerProtocol.BatchedInbox> query) {
        if (query.size() > InboxBatcher.MAX_SIZE) {
            throw badRequest(null);
        }
        query.forEach(this::checked);
        return query;
    }

    private Mono<ServerResponse> duplicateLookup(ServerRequest request) {
        return readQuery(request, PeerProtocol.Identity.class)
                .flatMap(query -> maySendAs(new UserId(query.sender()))
                        .then(Mono.defer(() -> storeQueries.duplicateLookup(query.identity()))))
                .flatMap(duplicateLookup -> ok(request, PeerProtocol.DuplicateLookupDto.of(duplicateLookup)));
    }

    private Mono<ServerResponse> name(ServerRequest request) {
        return readQuery(request, PeerProtocol.Name.class)
                .flatMap(query -> storeQueries.claim(new Username(query.name()), query.offset()))
                .map(PeerProtocol.ClaimDto::of)
                .defaultIfEmpty(PeerProtocol.ClaimDto.UNCLAIMED)
                .flatMap(claimDto -> ok(request, claimDto));
    }

    private Mono<ServerResponse> alike(ServerRequest request) {
        return readQuery(request, PeerProtocol.Alike.class)
                .flatMap(query -> storeQueries.confusable(query.partition(), new Username(query.name())))
                .flatMap(page -> ok(request, PeerProtocol.Users.of(page)));
    }

    private Mono<ServerResponse> names(ServerRequest request) {
        return readQuery(request, PeerProtocol.Names.class)
                .flatMap(query -> storeQueries.names(query.partition(), query.userSearch()))
                .flatMap(page -> ok(request, PeerProtocol.Users.of(page)));
    }

    private static Mono<ServerResponse> ok(ServerRequest request, Object answer) {
        byte[] json = JSON.writeValueAsBytes(answer);
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(reserved(MemoryReservation.of(request.exchange()).resize(json.length), json));
    }
}
