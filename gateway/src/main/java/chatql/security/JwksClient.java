package chatql.security;

import com.nimbusds.jose.jwk.JWKSet;
import io.netty.channel.ChannelOption;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * Fetches an issuer's keys, a JWK Set of RFC 7517. Their location is configured, or discovered with each fetch: OpenID
 * Connect Discovery 1.0, RFC 8414. Responses are bounded in size, and the whole fetch in time, from the first byte of
 * the request to the last byte of the keys.
 */
final class JwksClient {
    /** Of one document. Sets with certificates have some 20 KiB. */
    static final DataSize MAX_SIZE = DataSize.ofKilobytes(256);

    /** Of the whole fetch; a healthy issuer needs some 100 ms. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final String OPENID = "/.well-known/openid-configuration";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    private static final ParameterizedTypeReference<Map<String, Object>> METADATA =
            new ParameterizedTypeReference<>() {};

    private final Mono<String> location;
    private final WebClient web;

    private JwksClient(WebClient web, Mono<String> location) {
        this.web = web;
        this.location = location;
    }

    /** Fetches the keys from that location. */
    static JwksClient at(String jwksUri) {
        return new JwksClient(bounded(), Mono.just(jwksUri));
    }

    /** Fetches the keys from the location that the issuer's metadata names. */
    static JwksClient of(String issuer) {
        WebClient web = bounded();
        return new JwksClient(web, discovered(web, issuer));
    }

    /**
     * Opens a new connection for each fetch: after minutes, a pooled one may be dead without either side having
     * noticed.
     */
    private static WebClient bounded() {
        HttpClient http = HttpClient.create(ConnectionProvider.newConnection())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
        return WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(http))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(Math.toIntExact(MAX_SIZE.toBytes())))
                .build();
    }

    /** Fetches the keys, at least one. Errors within {@link #TIMEOUT} where that fails. */
    Mono<JWKSet> fetch() {
        return location.flatMap(uri -> web.get().uri(uri).retrieve().bodyToMono(String.class))
                .timeout(TIMEOUT, timedOut())
                // Parsing certificates takes time that an event loop must not spend.
                .publishOn(Schedulers.boundedElastic())
                .flatMap(JwksClient::parsed)
                .filter(keys -> !keys.isEmpty())
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("The response has no keys")));
    }

    private static <T> Mono<T> timedOut() {
        return Mono.error(() -> new TimeoutException("No response within " + TIMEOUT.toSeconds() + " s"));
    }

    private static Mono<JWKSet> parsed(String document) {
        try {
            return Mono.just(JWKSet.parse(document));
        } catch (ParseException garbage) {
            return Mono.error(new IllegalStateException("The response is not a JWK Set", garbage));
        }
    }

    private static Mono<String> discovered(WebClient web, String issuer) {
        return Flux.fromIterable(locations(issuer))
                .concatMap(uri -> web.get()
                        .uri(uri)
                        .retrieve()
                        .bodyToMono(METADATA)
                        .onErrorResume(
                                WebClientResponseException.class,
                                failed ->
                                        failed.getStatusCode().is4xxClientError() ? Mono.empty() : Mono.error(failed)))
                .next()
                .mapNotNull(metadata -> jwksUri(metadata, issuer))
                .switchIfEmpty(Mono.error(
                        () -> new IllegalStateException("The issuer's metadata names another issuer, or no jwks_uri")));
    }

    /** The locations of an issuer's metadata, in the order in which Spring Security tries them. */
    private static List<String> locations(String issuer) {
        String path = UriComponentsBuilder.fromUriString(issuer).build().getPath();
        String own = path == null ? "" : path;
        return List.of(at(issuer, own + OPENID), at(issuer, OPENID + own), at(issuer, OAUTH + own));
    }

    private static String at(String issuer, String path) {
        return UriComponentsBuilder.fromUriString(issuer).replacePath(path).toUriString();
    }

    /** Metadata that names another issuer is not trusted: OpenID Connect Discovery 1.0, 4.3. */
    private static @Nullable String jwksUri(Map<String, Object> metadata, String issuer) {
        return issuer.equals(metadata.get("issuer")) && metadata.get("jwks_uri") instanceof String uri ? uri : null;
    }
}
