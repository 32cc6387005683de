package chatql.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of the loopback interface. */
final class LoopbackPort {
    static final String HOST = "127.0.0.1";

    private LoopbackPort() {}

    /**
     * Returns the given port, or a free one for 0. A taken port must be detected here, because the broker itself ends
     * the JVM on one.
     */
    static int claim(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), port));
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new EmbeddedKafkaUnavailable("port " + port + " is taken", failure);
        }
    }
}
