package chatql.graphql.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An HTTP client without a library that reads an event stream line by line, without chunk sizes. */
public final class RawStream implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;
    public final List<String> head = new ArrayList<>();

    private RawStream(Socket socket, String request) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 512);
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            head.add(line);
        }
    }

    public static RawStream open(TestServer server, String query, String... headers) {
        return open(server.port(), query, 0, headers);
    }

    static RawStream open(int port, String query) {
        return open(port, query, 0);
    }

    public static RawStream open(TestServer server, String query, int receiveBuffer) {
        return open(server.port(), query, receiveBuffer);
    }

    private static RawStream open(int port, String query, int receiveBuffer, String... headers) {
        String body = "{\"query\":\"" + query + "\"}";
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        String request =
                "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"
                        + more + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        try {
            Socket socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress("localhost", port));
            return new RawStream(socket, request);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The next line of the stream that is not a comment or empty. */
    public String line() {
        try {
            String line = in.readLine();
            while (line != null && (line.isEmpty() || line.matches("[0-9a-f]+"))) {
                line = in.readLine();
            }
            return line == null ? "end" : line;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The next lines. */
    public List<String> lines(int count) {
        List<String> lines = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            lines.add(line());
        }
        return lines;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
