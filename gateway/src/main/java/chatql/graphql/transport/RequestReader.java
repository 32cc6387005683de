package chatql.graphql.transport;

import chatql.limit.Limit;
import chatql.limit.TurnedAway;
import graphql.parser.ParserOptions;
import io.netty.handler.timeout.ReadTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/** Reads the operation out of an HTTP request, within the limits on its size and time; errors with {@link Refusal}. */
final class RequestReader {

    private final Json json;
    private final TransportSettings settings;
    private final ParserOptions parser;
    private final TurnedAway turnedAway;

    RequestReader(SocketEnvironment around) {
        this.json = around.json();
        this.settings = around.settings();
        this.parser = around.parser();
        this.turnedAway = around.turnedAway();
    }

    /** GET: the parameters are in the query, the structured ones as JSON. */
    OperationBody fromQuery(ServerHttpRequest request) {
        Map<String, Object> parameters = new HashMap<>();
        for (String name : new String[] {"query", "operationName"}) {
            queryParameter(request, name).ifPresent(text -> parameters.put(name, text));
        }
        for (String name : new String[] {"variables", "extensions"}) {
            queryParameter(request, name)
                    .map(text -> json.read(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .ifPresent(value -> parameters.put(name, value));
        }
        return new OperationBody(parameters, parser);
    }

    /** POST: the body is a JSON object. */
    Mono<OperationBody> fromBody(ServerHttpRequest request) {
        Charset charset = charset(contentType(request.getHeaders()));
        return RequestBytes.of(request, Math.toIntExact(settings.maxBody().toBytes()))
                .onErrorMap(failure -> switch (failure) {
                    case DataBufferLimitException tooMuch -> tooLarge();
                    case ReadTimeoutException tooSlow -> tooSlow();
                    default -> failure;
                })
                .switchIfEmpty(Mono.error(() -> Refusal.badRequest("The request has no body")))
                .map(bytes -> new OperationBody(json.readObject(bytes, charset, "The request"), parser));
    }

    private Refusal tooLarge() {
        turnedAway.count(Limit.MAX_BODY);
        return new Refusal(
                HttpStatus.CONTENT_TOO_LARGE,
                "A request has at most " + settings.maxBody().toBytes() + " bytes");
    }

    private Refusal tooSlow() {
        turnedAway.count(Limit.BODY_TIMEOUT);
        return new Refusal(HttpStatus.REQUEST_TIMEOUT, "The request's body took too long to arrive");
    }

    private static Optional<String> queryParameter(ServerHttpRequest request, String name) {
        return Optional.ofNullable(request.getQueryParams().getFirst(name)).filter(text -> !text.isEmpty());
    }

    private static @Nullable MediaType contentType(HttpHeaders headers) {
        try {
            return headers.getContentType();
        } catch (InvalidMediaTypeException unreadable) {
            return null;
        }
    }

    private static Charset charset(@Nullable MediaType type) {
        if (type == null || !type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)) {
            throw unsupported();
        }
        try {
            return Optional.ofNullable(type.getCharset()).orElse(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unknownCharset) {
            throw unsupported();
        }
    }

    private static Refusal unsupported() {
        return new Refusal(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "A request is application/json in a charset known here");
    }
}
