package chatql.graphql.transport.budget;

import chatql.setting.PropertyConstraints;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The limits of the transport; PROTOCOL.md says what happens at each.
 *
 * @param path the path of HTTP, SSE and WebSocket.
 * @param allowedOrigins origins whose pages may use the API from a browser, besides the gateway's own.
 * @param maxBody the largest body of an HTTP request; a larger one is rejected with 413.
 * @param bodyTimeout the time in which a client must send its body; a slower one is rejected with 408.
 * @param maxFrame the largest WebSocket message; a larger one closes with 1009.
 * @param initTimeout the time in which a WebSocket must send {@code connection_init}; a slower one closes with
 *     4408.
 * @param heartbeat the interval of WebSocket pings and of comments on an SSE stream.
 * @param readTimeout the time after which a client is disconnected that neither sends anything nor takes a queued
 *     byte.
 * @param closeGrace the time that a closing WebSocket waits for the client's own close frame.
 * @param maxOperations the number of operations on one WebSocket; the next one is answered with an error.
 * @param writeHighWaterMark the bytes queued for one client above which its subscriptions are not asked for more
 *     events.
 * @param maxPendingControlBytes the bytes of responses to a client's own frames, events aside, above which it is
 *     disconnected.
 * @param sendBuffer the size of a connection's send buffer in the kernel, behind which every ping queues.
 * @param drainTimeout the time over which open WebSockets and streams are closed when the gateway shuts down.
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
