package chatql.tracing;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/** A client's request as Reactor Netty has it, before WebFlux makes an exchange of it. */
public final class NettyRequestObservationContext extends Observation.Context {
    private final HttpServerRequest request;
    private final String route;
    private volatile int status;

    /** @param route what the span calls the request's path */
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

    /** The first header of that name. */
    @Nullable
    String header(String name) {
        return request.requestHeaders().get(name);
    }

    /** 0 while there is no answer. */
    int status() {
        return status;
    }

    /**
     * Says what the client was answered.
     *
     * @param status of the answer, 0 where there is none
     */
    public void answered(int status) {
        this.status = status;
    }
}
