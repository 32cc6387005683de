package chatql.tracing;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/** A client's request in Reactor Netty, before WebFlux creates an exchange. */
public final class NettyRequestObservationContext extends Observation.Context {
    private final HttpServerRequest request;
    private final String route;
    private volatile int status;

    /** @param route the name of the request's path in the span */
    public NettyRequestObservationContext(HttpServerRequest request, String route) {
        this.request = request;
        this.route = route;
    }

    String method() {
        return request.method().name();
    }

    String route() {
        return route;
    }

    /** The first header of that name; null where there is none. */
    @Nullable
    String header(String name) {
        return request.requestHeaders().get(name);
    }

    /** The status of the response; 0 while there is none. */
    int status() {
        return status;
    }

    /**
     * Sets the status of the response.
     *
     * @param status 0 where there is no response
     */
    public void answered(int status) {
        this.status = status;
    }
}
