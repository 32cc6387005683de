package chatql.graphql.transport.admission;

import chatql.graphql.transport.request.Refusal;
import chatql.limit.Address;
import chatql.limit.AnswerBudget;
import chatql.limit.Limit;
import chatql.limit.LimitSettings;
import chatql.limit.Places;
import chatql.limit.Rate;
import chatql.limit.TurnedAway;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Lets in who comes, while there is room for all and for whoever comes from there. Those who are inside stay. */
public final class Admission {
    private static final String ALL = "";

    private final int proxies;
    private final TurnedAway turnedAway;
    private final AnswerBudget budget;
    private final Rate connects;
    private final Places connections;
    private final Places connectionsPerAddress;
    private final Places connectionsPerUser;
    private final Places requests;
    private final Places requestsPerAddress;

    public Admission(LimitSettings limits, TurnedAway turnedAway, AnswerBudget budget) {
        this.budget = budget;
        this.proxies = limits.proxies();
        this.turnedAway = turnedAway;
        this.connects = limits.connects();
        this.connections = new Places(limits.connections());
        this.connectionsPerAddress = new Places(limits.connectionsPerAddress());
        this.connectionsPerUser = new Places(limits.connectionsPerUser());
        this.requests = new Places(limits.requests());
        this.requestsPerAddress = new Places(limits.requestsPerAddress());
    }

    /** Serves a WebSocket or an event stream, which has its place until it is over. Errors with {@link Refusal}. */
    public Mono<Void> connection(HttpServerRequest request, Function<Guest, Mono<Void>> serving) {
        return let(request, serving, guest -> {
            guest.take(connections, ALL, () -> full(Limit.CONNECTIONS));
            guest.take(
                    connectionsPerAddress,
                    guest.address().key(),
                    () -> tooMany(Limit.CONNECTIONS_PER_ADDRESS, "Too many connections from one address"));
            if (connects.take(guest.address().key()).isPresent()) {
                throw tooMany(Limit.CONNECTS_PER_ADDRESS, "Too many connections from one address at once");
            }
        });
    }

    /** Serves a request, which has its place until it is answered. Errors with {@link Refusal}. */
    public Mono<Void> request(HttpServerRequest request, Function<Guest, Mono<Void>> serving) {
        return let(request, serving, guest -> {
            guest.take(requests, ALL, () -> full(Limit.REQUESTS));
            guest.take(
                    requestsPerAddress,
                    guest.address().key(),
                    () -> tooMany(Limit.REQUESTS_PER_ADDRESS, "Too many requests from one address at once"));
        });
    }

    private Mono<Void> let(HttpServerRequest request, Function<Guest, Mono<Void>> serving, Door door) {
        return Mono.using(
                () -> guest(Address.of(request, proxies)),
                guest -> {
                    door.let(guest);
                    return serving.apply(guest);
                },
                Guest::served);
    }

    private Guest guest(Address address) {
        return new Guest(this, address, budget.of(address));
    }

    /** Of whoever has said who they are. Errors with {@link Refusal}. */
    void seat(Guest guest, Visitor visitor) {
        visitor.user()
                .ifPresent(user -> guest.take(
                        connectionsPerUser,
                        user.value(),
                        () -> tooMany(Limit.CONNECTIONS_PER_USER, "Too many connections of this user")));
    }

    private Refusal full(Limit limit) {
        turnedAway.count(limit);
        return new Refusal(HttpStatus.SERVICE_UNAVAILABLE, "The gateway is full: try again later");
    }

    private Refusal tooMany(Limit limit, String reason) {
        turnedAway.count(limit);
        return new Refusal(HttpStatus.TOO_MANY_REQUESTS, reason);
    }

    /** What is asked of whoever comes. */
    @FunctionalInterface
    private interface Door {
        void let(Guest guest);
    }
}
