package chatql.graphql.transport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** A WebSocket client without a library, which sends exactly what a test says, also invalid frames. */
public final class RawSocket implements AutoCloseable {

    public static final int TEXT = 0x81;
    public static final int TEXT_BEGIN = 0x01;
    public static final int CONTINUATION_END = 0x80;
    public static final int BINARY = 0x82;
    public static final int CLOSE = 0x88;
    public static final int PING = 0x89;
    public static final int PONG = 0x8A;

    /** A frame of the server: its first byte, and the bytes after the length. */
    public record Received(int kind, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    public final String head;

    private RawSocket(Socket socket, String protocol, String... headers) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
        socket.setSoTimeout(5_000);
        bytes(handshake(protocol, headers).getBytes(StandardCharsets.ISO_8859_1));
        this.head = readHead();
    }

    private static String handshake(String protocol, String... headers) {
        return "GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + (protocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n")
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    /** Connects and completes the handshake. */
    public static RawSocket open(TestServer server, String protocol) {
        return open(server.port(), protocol);
    }

    static RawSocket open(int port, String protocol) {
        return open(port, protocol, 0);
    }

    /** Completes the handshake on an open connection. */
    static RawSocket on(Socket connected, String... headers) {
        try {
            return new RawSocket(connected, "graphql-transport-ws", headers);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Opens one as {@link #open(TestServer, String)} does, with a receive buffer of that many bytes in the kernel. */
    public static RawSocket open(TestServer server, String protocol, int receiveBuffer) {
        return open(server.port(), protocol, receiveBuffer);
    }

    private static RawSocket open(int port, String protocol, int receiveBuffer) {
        try {
            Socket socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress("localhost", port));
            return new RawSocket(socket, protocol);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Opens an acknowledged connection. */
    public static RawSocket ready(TestServer server) {
        return open(server, "graphql-transport-ws").initialised();
    }

    public RawSocket initialised() {
        send("{'type':'connection_init'}");
        if (!message().equals("{\"type\":\"connection_ack\"}")) {
            throw new AssertionError("not acknowledged");
        }
        return this;
    }

    /** Sends a message; JSON with single quotes for double ones. */
    public void send(String message) {
        frame(TEXT, message.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    public void subscribe(String id, String query) {
        send("{'type':'subscribe','id':'" + id + "','payload':{'query':'" + query + "'}}");
    }

    /** Sends a frame, masked as a client's must be. */
    public void frame(int kind, byte[] payload) {
        bytes(header(kind, payload.length), masked(payload));
    }

    public void bytes(byte[]... parts) {
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] part : parts) {
                all.write(part);
            }
            out.write(all.toByteArray());
            out.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static byte[] header(int kind, long length) {
        ByteBuffer header = ByteBuffer.allocate(10).put((byte) kind);
        if (length < 126) {
            header.put((byte) (0x80 | length));
        } else if (length < 65_536) {
            header.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            header.put((byte) (0x80 | 127)).putLong(length);
        }
        return Arrays.copyOf(header.array(), header.position());
    }

    /** Masks with zeros, which leaves the payload unchanged. */
    public static byte[] masked(byte[] payload) {
        return ByteBuffer.allocate(payload.length + 4).putInt(0).put(payload).array();
    }

    /** The next frame of any kind. */
    public Received receive() {
        try {
            int kind = in.readUnsignedByte();
            long length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            return new Received(kind, in.readNBytes((int) length));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns the next message, and answers pings before it. */
    public String message() {
        Received received = receive();
        while (received.kind() == PING) {
            frame(PONG, received.payload());
            received = receive();
        }
        if (received.kind() != TEXT) {
            throw new AssertionError("no message: " + received.kind() + " " + received.text());
        }
        return received.text();
    }

    /** Returns the code and the reason of the close frame, and skips other frames. */
    public String closed() {
        Received received = receive();
        while (received.kind() != CLOSE) {
            received = receive();
        }
        ByteBuffer payload = ByteBuffer.wrap(received.payload());
        int code = payload.getShort() & 0xFFFF;
        return code + " " + StandardCharsets.UTF_8.decode(payload);
    }

    /** Whether the connection ends without a close frame within that time. */
    public boolean endsWithin(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            while (in.read() >= 0) {}
            return true;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Whether nothing arrives within that time. */
    public boolean hearsNothingFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            in.read();
            return false;
        } catch (SocketTimeoutException silence) {
            return true;
        } finally {
            socket.setSoTimeout(5_000);
        }
    }

    private String readHead() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) in.readUnsignedByte());
        }
        return text.toString();
    }

    /** Closes with a reset, and discards unread bytes. */
    void closeNow() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        close();
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
