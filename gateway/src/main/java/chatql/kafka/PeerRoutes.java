package chatql.kafka;

import chatql.history.HistoryUnavailable;
import chatql.user.Caller;
import chatql.user.Callers;
import chatql.user.Credentials;
import chatql.user.NotAllowed;
import chatql.user.UserId;
import chatql.user.Username;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;

/**
 * Answers other pods. Below {@value #OWN} from what this one keeps: what it doesn't keep it refuses, and never asks a
 * third pod. Below {@value #ANY} from what any keeps, for those that keep nothing.
 */
record PeerRoutes(Keeper keeper, Callers callers, long epoch, TopicSettings topics) {
    static final String OWN = "/peer/own";
    static final String ANY = "/peer/any";

    static final String TIMELINE = "/timeline";
    static final String INBOX = "/inbox";
    static final String FIRST = "/first";
    static final String NAME = "/name";
    static final String NAMES = "/names";

    RouterFunction<ServerResponse> routes(String base) {
        return RouterFunctions.route()
                .POST(base + TIMELINE, this::timeline)
                .POST(base + INBOX, this::inbox)
                .POST(base + FIRST, this::first)
                .POST(base + NAME, this::name)
                .POST(base + NAMES, this::names)
                .onError(HistoryUnavailable.class, (failure, request) -> unavailable(failure))
                .filter(this::onBehalfOfTheCaller)
                .build();
    }

    /** Another pod may be the one to ask, or this one has waited for long enough. */
    private static Mono<ServerResponse> unavailable(Throwable failure) {
        boolean moving = failure instanceof Moving;
        return ServerResponse.status(moving ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.GATEWAY_TIMEOUT)
                .build();
    }

    /** The caller of another pod is let in as if they had come here, and whoever is asked next is shown the same. */
    private Mono<ServerResponse> onBehalfOfTheCaller(ServerRequest request, HandlerFunction<ServerResponse> next) {
        String shown = request.headers().firstHeader(HttpHeaders.AUTHORIZATION);
        return callers.of(shown)
                .flatMap(caller ->
                        next.handle(request).contextWrite(context -> new Credentials(shown).in(caller.in(context))))
                .onErrorResume(NotAllowed.class, PeerRoutes::denied);
    }

    private static Mono<Void> mayRead(UserId user) {
        return Caller.current()
                .flatMap(caller -> caller.mayRead(user) ? Mono.empty() : Mono.error(NotAllowed.forbidden()));
    }

    private static Mono<Void> maySendAs(UserId user) {
        return Caller.current()
                .flatMap(caller -> caller.maySendAs(user) ? Mono.empty() : Mono.error(NotAllowed.forbidden()));
    }

    private static Mono<ServerResponse> denied(NotAllowed denied) {
        boolean forbidden = denied.reason() == NotAllowed.Reason.FORBIDDEN;
        return ServerResponse.status(forbidden ? HttpStatus.FORBIDDEN : HttpStatus.UNAUTHORIZED)
                .build();
    }

    private <T extends PeerRequests.Asked> Mono<T> asked(ServerRequest request, Class<T> type) {
        return request.bodyToMono(type).map(this::checked).switchIfEmpty(Mono.error(() -> nonsense(null)));
    }

    private <T extends PeerRequests.Asked> T checked(T asked) {
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
        return asked(request, PeerRequests.Timeline.class)
                .flatMap(asked -> mayRead(new UserId(asked.user()))
                        .then(Mono.defer(
                                () -> keeper.timeline(new UserId(asked.user()), asked.selection(), asked.written()))))
                .flatMap(page -> ok(PeerRequests.Messages.of(page)));
    }

    private Mono<ServerResponse> inbox(ServerRequest request) {
        return asked(request, PeerRequests.Inbox.class)
                .flatMap(asked -> mayRead(new UserId(asked.user()))
                        .then(Mono.defer(
                                () -> keeper.inbox(new UserId(asked.user()), asked.after(epoch), asked.end()))))
                .flatMap(page -> ok(PeerRequests.Messages.of(page)));
    }

    private Mono<ServerResponse> first(ServerRequest request) {
        return asked(request, PeerRequests.Identity.class)
                .flatMap(asked ->
                        maySendAs(new UserId(asked.sender())).then(Mono.defer(() -> keeper.verdict(asked.identity()))))
                .flatMap(verdict -> ok(PeerRequests.Checked.of(verdict)));
    }

    private Mono<ServerResponse> name(ServerRequest request) {
        return asked(request, PeerRequests.Name.class)
                .flatMap(asked -> keeper.name(new Username(asked.name()), asked.offset()))
                .map(PeerRequests.Owned::of)
                .defaultIfEmpty(PeerRequests.Owned.BY_NOBODY)
                .flatMap(PeerRoutes::ok);
    }

    private Mono<ServerResponse> names(ServerRequest request) {
        return asked(request, PeerRequests.Names.class)
                .flatMap(asked -> keeper.names(asked.partition(), asked.search()))
                .flatMap(page -> ok(PeerRequests.Users.of(page)));
    }

    private static Mono<ServerResponse> ok(Object answer) {
        return ServerResponse.ok().bodyValue(answer);
    }
}
