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
     * The given port, or a free one for 0. A taken port must be found here: the broker itself answers it by ending
     * the JVM.
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
