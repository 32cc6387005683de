package chatql.graphql.transport.budget;

import chatql.setting.PropertyConstraints;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The limits of the transport; every one of them has an ending that PROTOCOL.md names.
 *
 * @param path where HTTP, SSE and WebSocket are served.
 * @param allowedOrigins whose pages may use the API from a browser, besides those of the same origin.
 * @param maxBody the most bytes an HTTP request's body may have; more is answered 413.
 * @param bodyTimeout how long a client may take to send its body; longer is answered 408.
 * @param maxFrame the most bytes a WebSocket message may have; more closes with 1009.
 * @param initTimeout how long a socket may stay without {@code connection_init}; longer closes with 4408.
 * @param heartbeat how often a WebSocket is pinged and an SSE stream gets a comment.
 * @param readTimeout how long a peer may neither say anything nor take a byte that waits for it before it is cut off.
 * @param closeGrace how long a closing socket waits for the peer's own close frame.
 * @param maxOperations how many operations may live on one socket; the next is answered with an error.
 * @param writeHighWaterMark how many bytes may wait for one client before its subscriptions are asked for nothing more.
 * @param maxPendingControlBytes how many bytes of answers to its own frames may wait for one client, events aside, before it is closed.
 * @param sendBuffer the size of a connection's send buffer in the kernel, which a ping has to stand behind.
 * @param drainTimeout the time over which open sockets and streams are ended when the gateway leaves.
 */
@ConfigurationProperties("chatql.transport")
public record TransportSettings(
        @DefaultValue("/graphql") String path,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("256KB") DataSize maxBody,
        @DefaultValue("10s") Duration bodyTimeout,
        @DefaultValue("64KB") DataSize maxFrame,
        @DefaultValue("5s") Duration initTimeout,
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("1s") Duration closeGrace,
        @DefaultValue("100") int maxOperations,
        @DefaultValue("64KB") DataSize writeHighWaterMark,
        @DefaultValue("64KB") DataSize maxPendingControlBytes,
        @DefaultValue("128KB") DataSize sendBuffer,
        @DefaultValue("20s") Duration drainTimeout) {
    public TransportSettings {
        var allowed = new PropertyConstraints("chatql.transport");
        allowed.that(path.matches("(/[\\w.~-]+)+"), "path", path, "a path, such as /graphql");
        allowed.size("max-body", maxBody);
        allowed.duration("body-timeout", bodyTimeout);
        allowed.size("max-frame", maxFrame);
        allowed.duration("init-timeout", initTimeout);
        allowed.duration("heartbeat", heartbeat);
        allowed.duration("read-timeout", readTimeout);
        allowed.duration("close-grace", closeGrace);
        allowed.number("max-operations", maxOperations, 1, 1_000_000);
        allowed.size("write-high-water-mark", writeHighWaterMark);
        allowed.size("max-pending-control-bytes", maxPendingControlBytes);
        allowed.size("send-buffer", sendBuffer);
        allowed.durationOrNone("drain-timeout", drainTimeout);
    }
}
