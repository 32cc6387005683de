package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The protocol of a measured server. Texts have no characters that JSON escapes. */
public enum Dialect {
    /** GraphQL over HTTP, and graphql-transport-ws. */
    GRAPHQL("/graphql", "graphql-transport-ws", "connection_ack", true) {
        @Override
        byte[] append(String sender, String recipient, String content) {
            return bytes(APPEND + "{\"sender\":\"" + sender + "\",\"recipient\":\"" + recipient + "\",\"content\":\""
                    + content + "\"}}");
        }

        @Override
        byte[] greeting() {
            return bytes("{\"type\":\"connection_init\"}");
        }

        @Override
        ByteBuf operation(int id, ByteBuf body) {
            return Unpooled.wrappedBuffer(
                    Unpooled.wrappedBuffer(bytes("{\"id\":\"" + id + "\",\"type\":\"subscribe\",\"payload\":")),
                    body,
                    Unpooled.wrappedBuffer(bytes("}")));
        }

        @Override
        byte[] subscribe(String user, @Nullable String after) {
            return bytes("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":" + subscription(user, after) + "}");
        }

        @Override
        byte[] stream(String user) {
            return bytes(subscription(user, null));
        }
    },

    /** The floor's own protocol: a JSON object for each message. */
    PLAIN("/chat", null, "\"ready\"", false) {
        @Override
        byte[] append(String sender, String recipient, String content) {
            return bytes("{\"senderId\":\"" + sender + "\",\"recipientId\":\"" + recipient + "\",\"content\":\""
                    + content + "\"}");
        }

        @Override
        byte[] greeting() {
            return bytes("{\"hello\":true}");
        }

        @Override
        ByteBuf operation(int id, ByteBuf body) {
            return body;
        }

        @Override
        byte[] subscribe(String user, @Nullable String after) {
            return bytes("{\"userId\":\"" + user + "\"}");
        }

        @Override
        byte[] stream(String user) {
            throw new UnsupportedOperationException("The floor has no event streams");
        }
    };

    private static final String APPEND =
            "{\"query\":\"mutation Send($sender: String, $recipient: String, $content: String) {"
                    + " createMessage(senderId: $sender, recipientId: $recipient, content: $content)"
                    + " { success errors message { id } } }\",\"variables\":";

    private final String path;
    private final @Nullable String subprotocol;
    private final String welcome;
    private final boolean resumes;

    Dialect(String path, @Nullable String subprotocol, String welcome, boolean resumes) {
        this.path = path;
        this.subprotocol = subprotocol;
        this.welcome = welcome;
        this.resumes = resumes;
    }

    String path() {
        return path;
    }

    @Nullable
    String subprotocol() {
        return subprotocol;
    }

    /** The text that the acknowledgement contains. */
    String welcome() {
        return welcome;
    }

    /** Whether a subscription can resume after a cursor. */
    boolean resumes() {
        return resumes;
    }

    /** The body of a request that sends a message; its response has {@code "success":true}. */
    abstract byte[] append(String sender, String recipient, String content);

    /** The first message of a WebSocket. */
    abstract byte[] greeting();

    /** The WebSocket message with the same operation as a request's body. */
    abstract ByteBuf operation(int id, ByteBuf body);

    /**
     * The message that subscribes, after the acknowledgement; then each message to the user arrives in its own frame.
     */
    abstract byte[] subscribe(String user, @Nullable String after);

    /** The body of a request whose response is an event stream. */
    abstract byte[] stream(String user);

    private static String subscription(String user, @Nullable String after) {
        String position = after == null ? "" : ",\"after\":\"" + after + "\"";
        return "{\"query\":\"subscription Listen($user: String, $after: String) { messages(userId: $user, after: $after)"
                + " { place: id cursor senderId content } }\",\"variables\":{\"user\":\"" + user + "\"" + position
                + "}}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
