package chatql.web;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import chatql.security.IntrospectionPolicy;
import chatql.security.SecurityHeaders;
import java.net.URI;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Serves GraphiQL at {@code /graphiql/}; the page loads nothing from other servers. */
@Configuration(proxyBeanMethods = false)
public class GraphiqlConfiguration {
    /** Relative, so that it works below any path prefix: {@code /graphiql} redirects to {@code /graphiql/}. */
    private static final URI PAGE = URI.create("graphiql/");

    /** Allows the page's own files and the gateway, and no inline scripts or styles. */
    private static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:;"
            + " font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @Bean
    RouterFunction<ServerResponse> graphiqlPage(IntrospectionPolicy introspectionPolicy) {
        return introspectionPolicy.schema() ? page() : request -> Mono.empty();
    }

    private static RouterFunction<ServerResponse> page() {
        var page = new ClassPathResource("static/graphiql/index.html");
        return route().GET("/graphiql", request -> redirect())
                .GET(
                        "/graphiql/",
                        request -> ServerResponse.ok()
                                .contentType(MediaType.TEXT_HTML)
                                .header(SecurityHeaders.POLICY, PAGE_POLICY)
                                .bodyValue(page))
                .build();
    }

    private static Mono<ServerResponse> redirect() {
        return ServerResponse.temporaryRedirect(PAGE).build();
    }
}
