package chatql.kafka;

import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.user.UserId;
import chatql.user.Username;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Answers other pods from what this one keeps; what it doesn't keep it refuses, and never asks a third pod. */
final class PeerRoutes {
    static final String TIMELINE = "/peer/timeline";
    static final String INBOX = "/peer/inbox";
    static final String FIRST = "/peer/first";
    static final String NAME = "/peer/name";

    private final LocalHistory history;
    private final LocalNames names;
    private final long epoch;

    PeerRoutes(LocalHistory history, LocalNames names, long epoch) {
        this.history = history;
        this.names = names;
        this.epoch = epoch;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST(TIMELINE, this::timeline)
                .POST(INBOX, this::inbox)
                .POST(FIRST, this::first)
                .POST(NAME, this::name)
                .onError(
                        HistoryUnavailable.class,
                        (failure, request) -> ServerResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
                                .build())
                .build();
    }

    private Mono<ServerResponse> timeline(ServerRequest request) {
        return request.bodyToMono(PeerRequests.Timeline.class)
                .flatMap(asked -> history.timeline(new UserId(asked.user()), asked.limit(), asked.written()))
                .flatMap(messages -> ok(PeerRequests.Messages.of(new Page(messages, true))));
    }

    private Mono<ServerResponse> inbox(ServerRequest request) {
        return request.bodyToMono(PeerRequests.Inbox.class)
                .flatMap(asked -> history.inbox(new UserId(asked.user()), asked.after(epoch), asked.end()))
                .flatMap(page -> ok(PeerRequests.Messages.of(page)));
    }

    private Mono<ServerResponse> first(ServerRequest request) {
        return request.bodyToMono(PeerRequests.Identity.class)
                .flatMap(asked -> history.verdict(asked.identity()))
                .flatMap(verdict -> ok(PeerRequests.Checked.of(verdict)));
    }

    private Mono<ServerResponse> name(ServerRequest request) {
        return request.bodyToMono(PeerRequests.Name.class)
                .flatMap(asked -> names.entry(new Username(asked.name()), asked.offset()))
                .map(PeerRequests.Owned::of)
                .defaultIfEmpty(PeerRequests.Owned.BY_NOBODY)
                .flatMap(PeerRoutes::ok);
    }

    private static Mono<ServerResponse> ok(Object answer) {
        return ServerResponse.ok().bodyValue(answer);
    }
}
