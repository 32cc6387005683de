package chatql.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilterChain;

class SecurityHeadersTest {
    @Test
    void answersHaveRestrictiveSecurityHeaders() {
        HttpHeaders headers = answered(exchange -> {
            exchange.getResponse().setStatusCode(HttpStatus.FORBIDDEN);
            return exchange.getResponse().setComplete();
        });

        assertThat(headers.getFirst("Content-Security-Policy")).isEqualTo("default-src 'none'; frame-ancestors 'none'");
        assertThat(headers.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(headers.getFirst("X-Frame-Options")).isEqualTo("DENY");
        assertThat(headers.getFirst("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(headers.getFirst("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(headers.getFirst("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    }

    @Test
    void contentSecurityPolicyOfPageIsKept() {
        HttpHeaders headers = answered(exchange -> {
            exchange.getResponse().getHeaders().set(SecurityHeaders.POLICY, "script-src 'self'");
            return exchange.getResponse().setComplete();
        });

        assertThat(headers.get("Content-Security-Policy")).containsExactly("script-src 'self'");
    }

    private static HttpHeaders answered(WebFilterChain served) {
        var exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
        new SecurityHeaders().filter(exchange, served).block(Duration.ofSeconds(5));
        return exchange.getResponse().getHeaders();
    }
}
