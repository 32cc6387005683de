package chatql.graphql.transport;

import org.springframework.graphql.server.WebGraphQlRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/** HTTP's requests in Spring GraphQL's terms. */
final class HttpRequests {

    private HttpRequests() {}

    static WebGraphQlRequest of(ServerWebExchange exchange, OperationBody body) {
        ServerHttpRequest request = exchange.getRequest();
        return new WebGraphQlRequest(
                request.getURI(),
                request.getHeaders(),
                request.getCookies(),
                request.getRemoteAddress(),
                exchange.getAttributes(),
                body.parameters(),
                request.getId(),
                exchange.getLocaleContext().getLocale());
    }
}
