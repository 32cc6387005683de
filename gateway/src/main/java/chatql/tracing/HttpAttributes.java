package chatql.tracing;

import java.util.Arrays;
import org.springframework.http.HttpMethod;

/** Names of attributes in OpenTelemetry's semantic conventions for HTTP. */
final class HttpAttributes {
    static final String METHOD = "http.request.method";
    static final String ROUTE = "http.route";
    static final String STATUS = "http.response.status_code";

    private HttpAttributes() {}

    /** A method of the standard, or {@code _OTHER}: clients can invent any number of others. */
    static String method(HttpMethod method) {
        return Arrays.asList(HttpMethod.values()).contains(method) ? method.name() : "_OTHER";
    }
}
