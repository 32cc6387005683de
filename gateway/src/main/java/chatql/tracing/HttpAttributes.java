package chatql.tracing;

import io.micrometer.tracing.Span;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/** Names of attributes in OpenTelemetry's semantic conventions for HTTP. */
final class HttpAttributes {
    static final String METHOD = "http.request.method";
    static final String ROUTE = "http.route";
    static final String STATUS = "http.response.status_code";

    private static final int INTERNAL_SERVER_ERROR = 500;

    private HttpAttributes() {}

    /** A method of the standard, or {@code _OTHER}: clients can invent any number of others. */
    static String method(HttpMethod method) {
        return Arrays.asList(HttpMethod.values()).contains(method) ? method.name() : "_OTHER";
    }

    /** Names a server's span. */
    static void request(Span span, HttpMethod requested, @Nullable String route) {
        String method = method(requested);
        span.name(route == null ? method : method + " " + route).tag(METHOD, method);
        if (route != null) {
            span.tag(ROUTE, route);
        }
    }

    /** Of a server's span, which has failed where the server is to blame. */
    static void answer(Span span, int status) {
        span.tag(STATUS, status);
        if (status >= INTERNAL_SERVER_ERROR) {
            SpanHandler.failed(span, Integer.toString(status));
        }
    }
}
