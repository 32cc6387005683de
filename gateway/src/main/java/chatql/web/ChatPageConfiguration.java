package chatql.web;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import chatql.security.AuthRequirements;
import chatql.security.IntrospectionPolicy;
import chatql.security.SecurityHeaders;
import chatql.web.PageSettings.OpenId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Serves the chat page at {@code /}, and its files below {@code /chat/}. */
@Configuration(proxyBeanMethods = false)
public class ChatPageConfiguration {
    /**
     * The settings that the page reads from this gateway.
     *
     * @param token whether its user needs a token
     * @param subjectClaim the token's claim that has the user's id
     * @param openId who issues the token; null where the user brings one
     * @param explorer whether GraphiQL is served
     */
    record SettingsView(
            boolean token, String subjectClaim, @Nullable OpenId openId, boolean explorer) {}

    @Bean
    PageResources pageResources() {
        return new PageResources();
    }

    @Bean
    SingleRangeFilter singleRangeFilter() {
        return new SingleRangeFilter();
    }

    @Bean
    RouterFunction<ServerResponse> chatPage(
            PageSettings settings, AuthRequirements authRequirements, IntrospectionPolicy introspectionPolicy)
            throws IOException {
        var html = new ClassPathResource("static/chat/index.html").getContentAsString(StandardCharsets.UTF_8);
        Optional<OpenId> openId = settings.openId(authRequirements);
        String policy = ContentSecurityPolicy.of(html, openId.map(OpenId::issuer));
        var settingsView = new SettingsView(
                authRequirements.token(),
                authRequirements.subjectClaim(),
                openId.orElse(null),
                introspectionPolicy.schema());
        return route().GET("/", request -> page(html, policy))
                .GET(
                        "/chat/page.json",
                        request -> fresh(MediaType.APPLICATION_JSON).bodyValue(settingsView))
                .build();
    }

    private static Mono<ServerResponse> page(String html, String policy) {
        return fresh(MediaType.TEXT_HTML).header(SecurityHeaders.POLICY, policy).bodyValue(html);
    }

    /** Not cached without revalidation: another configuration or build serves another page. */
    private static ServerResponse.BodyBuilder fresh(MediaType type) {
        return ServerResponse.ok().contentType(type).cacheControl(CacheControl.noCache());
    }
}
