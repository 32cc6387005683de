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

/** HTTP's requests in Spring's terms, for whoever intercepts an operation. */
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

    /** Where the request went, as its client wrote it. Throws a {@link RequestRejected} if that is no URI. */
    public static URI uri(HttpServerRequest request) {
        String host = request.hostName();
        String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        try {
            return new URI(request.scheme() + "://" + name + ":" + request.hostPort() + request.uri());
        } catch (URISyntaxException unreadable) {
            throw RequestRejected.badRequest("The address cannot be read");
        }
    }

    public static MultiValueMap<String, HttpCookie> cookies(HttpServerRequest request) {
        MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
        request.allCookies()
                .forEach((name, all) -> all.forEach(
                        cookie -> cookies.add(name.toString(), new HttpCookie(name.toString(), cookie.value()))));
        return cookies;
    }

    /** The one that the client likes best; null where it says none, or none that can be read. */
    public static @Nullable Locale locale(HttpHeaders headers) {
        try {
            List<Locale> accepted = headers.getAcceptLanguageAsLocales();
            return accepted.isEmpty() ? null : accepted.getFirst();
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }
}
