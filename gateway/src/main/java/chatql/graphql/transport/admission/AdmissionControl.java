package chatql.graphql.transport.admission;

import chatql.graphql.transport.request.RequestRejected;
import chatql.limit.AnswerBudget;
import chatql.limit.ClientAddress;
import chatql.limit.KeyedSemaphore;
import chatql.limit.Limit;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import chatql.limit.RateLimiter;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Admits connections and requests while the limits of the pod, of an address and of a user allow. Admitted ones are
 * never evicted.
 */
public final class AdmissionControl {
    private static final String ALL = "";

    private final int proxies;
    private final LimitMetrics limitMetrics;
    private final AnswerBudget budget;
    private final RateLimiter connects;
    private final KeyedSemaphore connections;
    private final KeyedSemaphore connectionsPerAddress;
    private final KeyedSemaphore connectionsPerUser;
    private final KeyedSemaphore requests;
    private final KeyedSemaphore requestsPerAddress;

    public AdmissionControl(LimitSettings limits, LimitMetrics limitMetrics, AnswerBudget budget) {
        this.budget = budget;
        this.proxies = limits.proxies();
        this.limitMetrics = limitMetrics;
        this.connects = limits.connects();
        this.connections = new KeyedSemaphore(limits.connections());
        this.connectionsPerAddress = new KeyedSemaphore(limits.connectionsPerAddress());
        this.connectionsPerUser = new KeyedSemaphore(limits.connectionsPerUser());
        this.requests = new KeyedSemaphore(limits.requests());
        this.requestsPerAddress = new KeyedSemaphore(limits.requestsPerAddress());
    }

    /**
     * Serves a WebSocket or an event stream, which holds its permits until it ends. Errors with {@link
     * RequestRejected}.
     */
    public Mono<Void> connection(HttpServerRequest request, Function<AdmissionPermit, Mono<Void>> serving) {
        return admit(request, serving, admissionPermit -> {
            admissionPermit.take(connections, ALL, () -> full(Limit.CONNECTIONS));
            admissionPermit.take(
                    connectionsPerAddress,
                    admissionPermit.address().key(),
                    () -> tooMany(Limit.CONNECTIONS_PER_ADDRESS, "Too many connections from one address"));
            if (connects.tryAcquire(admissionPermit.address().key()).isPresent()) {
                throw tooMany(Limit.CONNECTS_PER_ADDRESS, "Too many connections from one address at once");
            }
        });
    }

    /** Serves a request, which holds its permits until it is answered. Errors with {@link RequestRejected}. */
    public Mono<Void> request(HttpServerRequest request, Function<AdmissionPermit, Mono<Void>> serving) {
        return admit(request, serving, admissionPermit -> {
            admissionPermit.take(requests, ALL, () -> full(Limit.REQUESTS));
            admissionPermit.take(
                    requestsPerAddress,
                    admissionPermit.address().key(),
                    () -> tooMany(Limit.REQUESTS_PER_ADDRESS, "Too many requests from one address at once"));
        });
    }

    private Mono<Void> admit(
            HttpServerRequest request, Function<AdmissionPermit, Mono<Void>> serving, AdmissionCheck admissionCheck) {
        return Mono.using(
                () -> admissionPermit(ClientAddress.of(request, proxies)),
                admissionPermit -> {
                    admissionCheck.admit(admissionPermit);
                    return serving.apply(admissionPermit);
                },
                AdmissionPermit::requestDone);
    }

    private AdmissionPermit admissionPermit(ClientAddress clientAddress) {
        return new AdmissionPermit(this, clientAddress, budget.of(clientAddress));
    }

    /** Acquires the permit of an authenticated user. Throws {@link RequestRejected}. */
    void admitIdentity(AdmissionPermit admissionPermit, ConnectionIdentity connectionIdentity) {
        connectionIdentity
                .user()
                .ifPresent(user -> admissionPermit.take(
                        connectionsPerUser,
                        user.value(),
                        () -> tooMany(Limit.CONNECTIONS_PER_USER, "Too many connections of this user")));
    }

    private RequestRejected full(Limit limit) {
        limitMetrics.count(limit);
        return new RequestRejected(HttpStatus.SERVICE_UNAVAILABLE, "The gateway is full: try again later");
    }

    private RequestRejected tooMany(Limit limit, String reason) {
        limitMetrics.count(limit);
        return new RequestRejected(HttpStatus.TOO_MANY_REQUESTS, reason);
    }

    /** Acquires the permits that a kind of request needs. */
    @FunctionalInterface
    private interface AdmissionCheck {
        void admit(AdmissionPermit admissionPermit);
    }
}
