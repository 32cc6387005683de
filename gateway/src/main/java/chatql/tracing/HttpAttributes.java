package chatql.tracing;

import java.util.Arrays;
import org.springframework.http.HttpMethod;

/** What OpenTelemetry's conventions for HTTP call what. */
final class HttpAttributes {
    static final String METHOD = "http.request.method";
    static final String ROUTE = "http.route";
    static final String STATUS = "http.response.status_code";

    private HttpAttributes() {}

    /** A client may make up others. */
    static String method(HttpMethod method) {
        return Arrays.asList(HttpMethod.values()).contains(method) ? method.name() : "_OTHER";
    }
}
