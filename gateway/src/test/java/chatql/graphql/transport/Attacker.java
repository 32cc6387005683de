package chatql.graphql.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A client at its own address, with a valid token or none, that follows no protocol. */
public record Attacker(int port, @Nullable String authorization) {
    /** On Linux, every address of 127.0.0.0/8 is this machine. */
    private static final String ADDRESS = "127.0.0.66";

    public Socket connect() {
        return connect(0);
    }

    /** Connects with a receive buffer of that many bytes in the kernel; 0 for the default. */
    Socket connect(int receiveBuffer) {
        try {
            Socket socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.bind(new InetSocketAddress(ADDRESS, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setSoTimeout(10_000);
            return socket;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Opens a WebSocket. */
    public RawSocket socket(String... headers) {
        return RawSocket.on(connect(), headers);
    }

    /** Opens a WebSocket that is acknowledged. */
    public RawSocket ready() {
        RawSocket socket = socket();
        socket.send(init(authorization));
        if (!socket.message().contains("connection_ack")) {
            throw new AssertionError("not acknowledged");
        }
        return socket;
    }

    public static String init(@Nullable String authorization) {
        String payload = authorization == null
                ? "{}"
                : "{\"authorization\":" + JsonMapper.shared().writeValueAsString(authorization) + "}";
        return "{\"type\":\"connection_init\",\"payload\":" + payload + "}";
    }

    /** Sends a text in Latin-1, and returns all that arrives until the gateway closes; empty where it sends nothing. */
    public String raw(String request) {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return rest(socket.getInputStream());
        } catch (IOException reset) {
            return "";
        }
    }

    private static String rest(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                text.append((char) next);
            }
        } catch (java.net.SocketException reset) {
            // The bytes before that count.
        }
        return text.toString();
    }

    /** A request with that body and {@code Connection: close}. */
    public String post(String body, String... headers) {
        return raw(request("POST /graphql", body, headers));
    }

    public String request(String line, String body, String... headers) {
        return line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n"
                + (authorization == null || named(headers, "Authorization")
                        ? ""
                        : "Authorization: " + authorization + "\r\n")
                + (named(headers, "Content-Type") ? "" : "Content-Type: application/json\r\n")
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n" + body;
    }

    private static boolean named(String[] headers, String name) {
        return List.of(headers).stream().anyMatch(header -> header.startsWith(name + ":"));
    }

    public static String operation(String document) {
        return "{\"query\":" + JsonMapper.shared().writeValueAsString(document) + "}";
    }
}
