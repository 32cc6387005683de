package chatql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP balancer for several pods: a client is connected to the first pod that accepts. Its network can be cut. */
final class Balancer implements AutoCloseable {
    private final ServerSocket server;
    private final List<Integer> pods;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    /** @param pods the preferred one first */
    Balancer(Chat... pods) {
        this.pods = Arrays.stream(pods).map(pod -> pod.uri().getPort()).toList();
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().start(this::accept);
    }

    String origin() {
        return "localhost:" + server.getLocalPort();
    }

    /** Closes all connections, and accepts no others. */
    void cut() {
        cut = true;
        open.forEach(Balancer::close);
    }

    void mend() {
        cut = false;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> connect(client));
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void connect(Socket client) {
        for (int pod : pods) {
            try {
                if (!cut) {
                    join(client, new Socket(InetAddress.getLoopbackAddress(), pod));
                    return;
                }
            } catch (IOException isAway) {
                // Tries the next pod.
            }
        }
        close(client);
    }

    private void join(Socket client, Socket pod) {
        open.addAll(List.of(client, pod));
        Thread.ofVirtual().start(() -> pass(client, pod));
        Thread.ofVirtual().start(() -> pass(pod, client));
    }

    /** Forwards bytes at once; when one side closes, so does the other. */
    private void pass(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException ended) {
            // Both sides are closed.
        } finally {
            open.removeAll(List.of(from, to));
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException isClosed) {
            // Expected.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
