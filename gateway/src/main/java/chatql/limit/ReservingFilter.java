package chatql.limit;

import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Gives each request a {@link MemoryReservation} from its address's share, and releases it after the answer is written. */
final class ReservingFilter implements WebFilter {
    private final AnswerBudget budget;
    private final int proxies;

    /** @param proxies as {@link LimitSettings#proxies} */
    ReservingFilter(AnswerBudget budget, int proxies) {
        this.budget = budget;
        this.proxies = proxies;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        ClientAddress clientAddress = ClientAddress.of(request, proxies);
        return Mono.using(
                () -> new MemoryReservation(budget.of(clientAddress)),
                reservation -> chain.filter(reservation.writeTo(exchange)),
                MemoryReservation::release);
    }
}
