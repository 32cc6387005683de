package chatql.security;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/** An issuer's server of keys, with correct and faulty responses. */
public final class KeyServer implements AutoCloseable {
    /** The kinds of responses to a request for the keys. */
    public enum Manner {
        /** The keys. */
        WELL,
        /** Accepts the connection and never responds. */
        SILENT,
        /** A byte now and then, without an end. */
        TRICKLING,
        /** An HTML page. */
        GARBAGE,
        /** Another JSON document. */
        OTHER_JSON,
        /** A document above the size limit. */
        HUGE,
        /** A JWK Set without keys. */
        EMPTY,
        /** Status 500. */
        FAILING,
        /** A redirect. */
        ELSEWHERE
    }

    private static final String OPENID = "/.well-known/openid-configuration";

    private final List<Issuer> issuers = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final DisposableServer server;
    private volatile Manner manner = Manner.WELL;
    private volatile String name = "";

    public KeyServer(Issuer... issuers) {
        show(issuers);
        server = HttpServer.create()
                .port(0)
                .route(routes -> routes.get(
                                OPENID,
                                (request, response) ->
                                        json(response, "{\"issuer\":\"" + name + "\",\"jwks_uri\":\"" + url() + "\"}"))
                        .get("/keys", (request, response) -> {
                            asked.incrementAndGet();
                            return answer(response);
                        }))
                .bindNow();
        name = origin();
    }

    public String url() {
        return origin() + "/keys";
    }

    String origin() {
        return "http://localhost:" + server.port();
    }

    /** The number of requests for the keys. */
    public int asked() {
        return asked.get();
    }

    public void answer(Manner how) {
        manner = how;
    }

    /** Serves only the keys of these issuers from now on. */
    public void show(Issuer... others) {
        issuers.clear();
        issuers.addAll(List.of(others));
    }

    /** The issuer's name in its metadata. */
    void call(String issuer) {
        name = issuer;
    }

    private Mono<Void> answer(HttpServerResponse response) {
        return switch (manner) {
            case WELL -> json(response, Issuer.keys(issuers));
            case SILENT -> Mono.never();
            case TRICKLING ->
                response.sendString(Flux.interval(Duration.ofMillis(50)).map(number -> number == 0 ? "{" : " "))
                        .then();
            case GARBAGE -> json(response, "<html>");
            case OTHER_JSON -> json(response, "{\"keys\":7}");
            case HUGE ->
                json(
                        response,
                        "{\"x\":\"" + "x".repeat(300_000) + "\","
                                + Issuer.keys(issuers).substring(1));
            case EMPTY -> json(response, "{\"keys\":[]}");
            case FAILING -> response.status(500).send();
            case ELSEWHERE -> response.sendRedirect(url());
        };
    }

    private static Mono<Void> json(HttpServerResponse response, String document) {
        return response.header("Content-Type", "application/json")
                .sendString(Mono.just(document))
                .then();
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }
}
