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
 * Answers other pods. Below {@value #OWN} from what this one keeps: what it doesn't keep it refuses, and never asks a
 * third pod. Below {@value #ANY} from what any keeps, for those that keep nothing.
 */
public record PeerRoutes(
        StoreQueries storeQueries, CallerAuthenticator callerAuthenticator, long epoch, TopicSettings topics) {
    private static final RateLimitedLogger LOG = new RateLimitedLogger(PeerRoutes.class);

    /** What an answer with many messages takes, in bytes. */
    private static final int PAGE = 256 << 10;

    /** As the codecs of {@link PeerClient} read it. */
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

    private static final ParameterizedTypeReference<List<PeerProtocol.BatchedInbox>> MANY =
            new ParameterizedTypeReference<>() {};

    /** For the whole of a body, which a pod sends with the head. */
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(5);

    public RouterFunction<ServerResponse> routes(String base) {
        return RouterFunctions.route()
                .POST(base + INBOXES, whereThereIsRoom(this::inboxes))
                .POST(base + TIMELINE, whereThereIsRoom(this::timeline))
                .POST(base + INBOX, whereThereIsRoom(this::inbox))
                .POST(base + DUPLICATE_LOOKUP, this::first)
                .POST(base + NAME, this::name)
                .POST(base + ALIKE, this::alike)
                .POST(base + NAMES, this::names)
                .filter(this::onBehalfOfTheCaller)
                .build();
    }

    /** Refuses what asks for pages before its body is read, as long as no page could be kept for it. */
    private static HandlerFunction<ServerResponse> whereThereIsRoom(HandlerFunction<ServerResponse> next) {
        return request -> MemoryReservation.of(request.exchange()).hasRoom(PAGE)
                ? next.handle(request)
                : ServerResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
                        .header(HttpHeaders.CONNECTION, "close")
                        .build();
    }

    /** Of a request for many, the caller is that of the first: nothing is read for a client that shows nothing. */
    private Mono<ServerResponse> onBehalfOfTheCaller(ServerRequest request, HandlerFunction<ServerResponse> next) {
        String shown = request.headers().firstHeader(HttpHeaders.AUTHORIZATION);
        return as(shown, Mono.defer(() -> next.handle(request)))
                .onErrorResume(
                        PeerRoutes::isAnswered,
                        failure -> ServerResponse.status(status(failure)).build());
    }

    /**
     * The caller of another pod is admitted as if they had come here, and the pod that is asked next is shown the same. While it
     * can't be told who they are, another pod may know it, or this one soon.
     */
    private <T> Mono<T> as(@Nullable String shown, Mono<T> answer) {
        return callerAuthenticator
                .authenticate(shown)
                .onErrorMap(failure -> !(failure instanceof AccessDenied), PartitionMigrating::new)
                .flatMap(caller -> answer.contextWrite(context -> new Credentials(shown).in(caller.writeTo(context))));
    }

    private static boolean isAnswered(Throwable failure) {
        return failure instanceof AccessDenied
                || failure instanceof AuthenticationUnavailable
                || failure instanceof HistoryUnavailable;
    }

    /** Another pod may be the one to ask, or this one has waited for long enough, or the caller may not. */
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

    private <T extends PeerProtocol.PeerRequest> Mono<T> asked(ServerRequest request, Class<T> type) {
        return whole(request.bodyToMono(type)).map(this::checked);
    }

    private static <T> Mono<T> whole(Mono<T> body) {
        return body.timeout(BODY_TIMEOUT)
                .onErrorMap(PeerRoutes::isLate, late -> new ResponseStatusException(HttpStatus.REQUEST_TIMEOUT))
                .onErrorMap(PeerRoutes::isLost, lost -> nonsense(lost))
                .switchIfEmpty(Mono.error(() -> nonsense(null)));
    }

    /** The pod that asked has gone before its body was complete. */
    private static boolean isLost(Throwable failure) {
        return failure instanceof IOException || failure instanceof AbortedException;
    }

    /** By this timer, or by that of the connection. */
    private static boolean isLate(Throwable failure) {
        return failure instanceof TimeoutException || failure instanceof ReadTimeoutException;
    }

    private <T extends PeerProtocol.PeerRequest> T checked(T asked) {
        try {
            asked.check(topics);
            return asked;
        } catch (RuntimeException wrong) {
            throw nonsense(wrong);
        }
    }

    private static ServerWebInputException nonsense(@Nullable Throwable why) {
        return new ServerWebInputException("No pod asks this", null, why);
    }

    private Mono<ServerResponse> timeline(ServerRequest request) {
        return asked(request, PeerProtocol.Timeline.class)
                .flatMap(asked -> mayRead(new UserId(asked.user()))
                        .then(reserve(MemoryReservation.of(request.exchange()), asked.size()))
                        .then(Mono.defer(() ->
                                storeQueries.timeline(new UserId(asked.user()), asked.pageRequest(), asked.written()))))
                .flatMap(page -> ok(request, PeerProtocol.Messages.of(page)));
    }

    private Mono<ServerResponse> inbox(ServerRequest request) {
        MemoryReservation memory = MemoryReservation.of(request.exchange());
        return asked(request, PeerProtocol.Inbox.class)
                .flatMap(asked -> inbox(asked, memory))
                .flatMap(page -> ok(request, page));
    }

    private Mono<PeerProtocol.Messages> inbox(PeerProtocol.Inbox asked, MemoryReservation memory) {
        var user = new UserId(asked.user());
        return mayRead(user)
                .then(room(memory))
                .then(Mono.defer(() -> storeQueries.inbox(user, asked.after(epoch), asked.end())))
                .map(PeerProtocol.Messages::of);
    }

    private Mono<ServerResponse> inboxes(ServerRequest request) {
        return whole(request.bodyToMono(MANY))
                .map(this::checked)
                .flatMap(asked -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_NDJSON)
                        .body((response, context) -> response.writeAndFlushWith(answers(
                                        asked, MemoryReservation.of(request.exchange()))
                                .map(line -> Mono.just(response.bufferFactory().wrap(line))))));
    }

    /** A line of JSON for each, and one before them. */
    private Flux<byte[]> answers(List<PeerProtocol.BatchedInbox> asked, MemoryReservation memory) {
        return Flux.range(0, asked.size())
                .flatMap(number -> answer(number, asked.get(number), memory), InboxBatcher.MAX_SIZE)
                .startWith(line(PeerProtocol.Answer.HEARD));
    }

    private Mono<byte[]> answer(int number, PeerProtocol.BatchedInbox asked, MemoryReservation memory) {
        return as(asked.authorization(), inbox(asked.inbox(), memory))
                .map(page -> line(new PeerProtocol.Answer(number, HttpStatus.OK.value(), page)))
                .map(line -> reserved(memory.grow(line.length), line))
                .doOnError(failure -> !isAnswered(failure), failure -> LOG.error("An inbox can't be read", failure))
                .onErrorResume(failure -> Mono.just(
                        line(new PeerProtocol.Answer(number, status(failure).value(), null))));
    }

    private static byte[] line(PeerProtocol.Answer answer) {
        byte[] json = JSON.writeValueAsBytes(answer);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /** As for a client's page. */
    private static Mono<Void> reserve(MemoryReservation memory, int entries) {
        long page = Math.min(TimelineReader.MAX_PAGE_SIZE, (long) entries * AnswerBudget.ENTRY);
        return Mono.defer(() -> memory.resize(page) ? Mono.empty() : Mono.error(new PartitionMigrating(null)));
    }

    /** Nothing is read for an answer that could not be kept. */
    private static Mono<Void> room(MemoryReservation memory) {
        return Mono.defer(() -> memory.hasRoom(PAGE) ? Mono.empty() : Mono.error(new PartitionMigrating(null)));
    }

    /** Another pod may have room for it, or this one soon. */
    private static byte[] reserved(boolean fits, byte[] answer) {
        if (!fits) {
            throw new PartitionMigrating(null);
        }
        return answer;
    }

    private List<PeerProtocol.BatchedInbox> checked(List<PeerProtocol.BatchedInbox> asked) {
        if (asked.size() > InboxBatcher.MAX_SIZE) {
            throw nonsense(null);
        }
        asked.forEach(this::checked);
        return asked;
    }

    private Mono<ServerResponse> first(ServerRequest request) {
        return asked(request, PeerProtocol.Identity.class)
                .flatMap(asked -> maySendAs(new UserId(asked.sender()))
                        .then(Mono.defer(() -> storeQueries.duplicateLookup(asked.identity()))))
                .flatMap(duplicateLookup -> ok(request, PeerProtocol.DuplicateLookupDto.of(duplicateLookup)));
    }

    private Mono<ServerResponse> name(ServerRequest request) {
        return asked(request, PeerProtocol.Name.class)
                .flatMap(asked -> storeQueries.claim(new Username(asked.name()), asked.offset()))
                .map(PeerProtocol.ClaimDto::of)
                .defaultIfEmpty(PeerProtocol.ClaimDto.BY_NOBODY)
                .flatMap(claimDto -> ok(request, claimDto));
    }

    private Mono<ServerResponse> alike(ServerRequest request) {
        return asked(request, PeerProtocol.Alike.class)
                .flatMap(asked -> storeQueries.confusable(asked.partition(), new Username(asked.name())))
                .flatMap(page -> ok(request, PeerProtocol.Users.of(page)));
    }

    private Mono<ServerResponse> names(ServerRequest request) {
        return asked(request, PeerProtocol.Names.class)
                .flatMap(asked -> storeQueries.names(asked.partition(), asked.userSearch()))
                .flatMap(page -> ok(request, PeerProtocol.Users.of(page)));
    }

    private static Mono<ServerResponse> ok(ServerRequest request, Object answer) {
        byte[] json = JSON.writeValueAsBytes(answer);
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(reserved(MemoryReservation.of(request.exchange()).resize(json.length), json));
    }
}
