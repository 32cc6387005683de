package chatql.security;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * An OpenID provider that signs in every client as the same user: the authorization code flow with PKCE; each code and
 * each refresh token can be used once.
 */
public final class Provider implements AutoCloseable {
    public static final String CLIENT = "the-page";

    private record Asked(String challenge, String redirectUri) {}

    private final Issuer issuer = new Issuer();
    private final String user;
    private final Duration lifetime;
    private final HttpServer server;
    private final Map<String, Asked> codes = new ConcurrentHashMap<>();
    private final Map<String, Boolean> refreshTokens = new ConcurrentHashMap<>();
    private final AtomicInteger renewals = new AtomicInteger();

    /** @param lifetime of its tokens */
    public Provider(String user, Duration lifetime) {
        this.user = user;
        this.lifetime = lifetime;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/.well-known/openid-configuration", this::discover);
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::token);
        server.start();
    }

    public Issuer issuer() {
        return issuer;
    }

    public String origin() {
        return "localhost:" + server.getAddress().getPort();
    }

    public String url() {
        return "http://" + origin();
    }

    /** The number of renewed tokens. */
    public int renewals() {
        return renewals.get();
    }

    /** A token of any user, with that lifetime. */
    public String token(String subject, Duration lifetime) {
        Instant now = Instant.now();
        return issuer.token(claims -> claims.issuer(url())
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime))));
    }

    private void discover(HttpExchange exchange) throws IOException {
        answer(
                exchange,
                200,
                Map.of(
                        "issuer",
                        url(),
                        "authorization_endpoint",
                        url() + "/authorize",
                        "token_endpoint",
                        url() + "/token"));
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = parameters(exchange.getRequestURI().getRawQuery());
        if (!isFromThePage(asked)) {
            answer(exchange, 400, Map.of("error", "invalid_request"));
            return;
        }
        String code = UUID.randomUUID().toString();
        codes.put(code, new Asked(asked.get("code_challenge"), asked.get("redirect_uri")));
        exchange.getResponseHeaders()
                .set("Location", asked.get("redirect_uri") + "?code=" + code + "&state=" + asked.get("state"));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private static boolean isFromThePage(Map<String, String> asked) {
        return CLIENT.equals(asked.get("client_id"))
                && "code".equals(asked.get("response_type"))
                && "S256".equals(asked.get("code_challenge_method"))
                && asked.getOrDefault("scope", "").contains("openid");
    }

    private void token(HttpExchange exchange) throws IOException {
        var asked = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (!CLIENT.equals(asked.get("client_id")) || !isGranted(asked)) {
            answer(exchange, 400, Map.of("error", "invalid_grant"));
            return;
        }
        String refresh = UUID.randomUUID().toString();
        refreshTokens.put(refresh, true);
        answer(
                exchange,
                200,
                Map.of("access_token", token(user, lifetime), "token_type", "Bearer", "refresh_token", refresh));
    }

    private boolean isGranted(Map<String, String> asked) {
        return switch (asked.getOrDefault("grant_type", "")) {
            case "authorization_code" -> {
                Asked before = codes.remove(asked.get("code"));
                yield before != null
                        && before.redirectUri().equals(asked.get("redirect_uri"))
                        && before.challenge().equals(challenge(asked.get("code_verifier")));
            }
            case "refresh_token" -> {
                renewals.incrementAndGet();
                yield refreshTokens.remove(asked.get("refresh_token")) != null;
            }
            default -> false;
        };
    }

    /** RFC 7636, 4.2. */
    private static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<String, String> parameters(String encoded) {
        return Arrays.stream(encoded.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static void answer(HttpExchange exchange, int status, Map<String, String> body) throws IOException {
        byte[] json = JsonMapper.shared().writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
