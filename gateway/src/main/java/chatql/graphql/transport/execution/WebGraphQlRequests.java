package chatql.graphql.transport.execution;

import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.graphql.transport.request.RequestRejected;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.server.WebGraphQlRequest;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.netty.http.server.HttpServerRequest;

/** Converts HTTP requests to Spring's types, for interceptors of operations. */
public final class WebGraphQlRequests {

    private WebGraphQlRequests() {}

    public static WebGraphQlRequest of(HttpServerRequest request, GraphQlRequestBody body) {
        HttpHeaders headers = headers(request);
        return new WebGraphQlRequest(
                uri(request),
                headers,
                cookies(request),
                request.remoteAddress(),
                new ConcurrentHashMap<>(),
                body.parameters(),
                request.requestId(),
                locale(headers));
    }

    public static HttpHeaders headers(HttpServerRequest request) {
        return new HttpHeaders(new Netty4HeadersAdapter(request.requestHeaders()));
    }

    /** The URI of the request, as its client sent it. Throws {@link RequestRejected} where it is invalid. */
    public static URI uri(HttpServerRequest request) {
        String host = request.hostName();
        String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        try {
            return new URI(request.scheme() + "://" + name + ":" + request.hostPort() + request.uri());
        } catch (URISyntaxException invalid) {
            throw RequestRejected.badRequest("The request's URI is invalid");
        }
    }

    public static MultiValueMap<String, HttpCookie> cookies(HttpServerRequest request) {
        MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
        request.allCookies()
                .forEach((name, all) -> all.forEach(
                        cookie -> cookies.add(name.toString(), new HttpCookie(name.toString(), cookie.value()))));
        return cookies;
    }

    /** The locale that the client prefers; null where it sends none, or an invalid one. */
    public static @Nullable Locale locale(HttpHeaders headers) {
        try {
            List<Locale> accepted = headers.getAcceptLanguageAsLocales();
            return accepted.isEmpty() ? null : accepted.getFirst();
        } catch (IllegalArgumentException invalid) {
            return null;
        }
    }
}
