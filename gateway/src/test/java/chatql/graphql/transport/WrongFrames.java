package chatql.graphql.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Invalid frames and messages on an authenticated WebSocket, by name, with the code that closes it. */
final class WrongFrames {
    /** @param code the close code; 1006 for an end without a close frame */
    record Case(int code, Consumer<RawSocket> doing) {}

    private final Map<String, Case> all = new LinkedHashMap<>();

    private WrongFrames() {}

    static Map<String, Case> all() {
        var wrong = new WrongFrames();
        wrong.framing();
        wrong.texts();
        wrong.messages();
        return wrong.all;
    }

    private void framing() {
        frame(1002, "an unknown control frame", 0x8B, new byte[0]);
        frame(1002, "an unknown frame", 0x83, new byte[0]);
        frame(1002, "a reserved bit", 0xC1, "{}".getBytes(UTF_8));
        frame(1002, "a continuation of nothing", 0x80, "{}".getBytes(UTF_8));
        frame(1002, "a ping in fragments", 0x09, new byte[0]);
        frame(1002, "a long ping", 0x89, new byte[126]);
        frame(1002, "a close of one byte", 0x88, new byte[1]);
        frame(1002, "a close with a reserved code", 0x88, new byte[] {0x03, (byte) 0xEE});
        put(1002, "a message within a message", socket -> {
            socket.frame(RawSocket.TEXT_BEGIN, "{".getBytes(UTF_8));
            socket.frame(RawSocket.TEXT, "{}".getBytes(UTF_8));
        });
        put(1002, "no mask", socket -> socket.bytes(new byte[] {(byte) 0x81, 2, '{', '}'}));
        put(
                1009,
                "a frame with a length of 4 GB",
                socket -> socket.bytes(RawSocket.header(0x81, 1L << 32), new byte[4]));
        put(
                1009,
                "a frame with a length of 8 EB",
                socket -> socket.bytes(RawSocket.header(0x81, Long.MAX_VALUE), new byte[4]));
        put(
                1002,
                "a frame with a negative length",
                socket -> socket.bytes(
                        new byte[] {(byte) 0x81, (byte) 0xFF, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0}));
        put(1009, "fragments without an end", socket -> {
            socket.frame(RawSocket.TEXT_BEGIN, new byte[40_000]);
            socket.frame(0x00, new byte[40_000]);
        });
        put(1009, "a message of 64 KiB and one byte", socket -> socket.frame(RawSocket.TEXT, new byte[65_537]));
        put(1002, "HTTP", socket -> socket.bytes("GET /graphql HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8)));
    }

    private void texts() {
        frame(4400, "a binary frame", RawSocket.BINARY, "{\"type\":\"ping\"}".getBytes(UTF_8));
        frame(4400, "broken UTF-8", RawSocket.TEXT, new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', '}'});
        frame(4400, "an overlong NUL", RawSocket.TEXT, new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'});
        frame(4400, "half a surrogate pair", RawSocket.TEXT, new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'
        });
        text("", "nothing");
        text("no json", "no JSON");
        text("{'type':'ping'", "an incomplete message");
        text("{'type':'ping'} {'type':'ping'}", "two messages in one frame");
        text("[{'type':'ping'}]", "a list");
        text("'ping'", "a string");
        text("\\u0000", "an escaped NUL");
        text("[".repeat(30_000), "30,000 nested lists");
        text(
                "{'type':'ping','payload':" + "{'a':".repeat(5_000) + "1" + "}".repeat(5_000) + "}",
                "5,000 nested objects");
        text("{'type':'ping','payload':{'a':" + "9".repeat(20_000) + "}}", "a long number");
        text("{'type':'ping','type':'pong'}", "a duplicate field");
    }

    private void messages() {
        text("{}", "no type");
        text("{'type':'unknown'}", "an unknown type");
        text("{'type':'connection_ack'}", "a server's message");
        text("{'type':'next','id':'1','payload':{}}", "a next");
        text("{'type':'start','id':'1','payload':{'query':'{ hello }'}}", "another protocol's message");
        text("{'type':'ping','payload':7}", "a ping with a number");
        text("{'type':'complete'}", "a complete without an id");
        text("{'type':'subscribe','id':'1'}", "a subscribe without a payload");
        text("{'type':'subscribe','id':'','payload':{'query':'{ hello }'}}", "an empty id");
        text("{'type':'subscribe','id':{'a':1},'payload':{'query':'{ hello }'}}", "an id that is an object");
        text("{'type':'subscribe','id':'1','payload':{'query':['{ hello }']}}", "a list of queries");
        text("{'type':'subscribe','id':'1','payload':[{'query':'{ hello }'}]}", "a batch");
        text(
                "{'type':'subscribe','id':'1','payload':{'query':'{ hello }','variables':'{}'}}",
                "variables that are text");
        put(4429, "a second init", socket -> socket.send("{'type':'connection_init'}"));
        put(4409, "a duplicate id", socket -> {
            socket.subscribe("1", "subscription { messages { id } }");
            socket.subscribe("1", "{ hello }");
        });
    }

    private void frame(int code, String name, int kind, byte[] payload) {
        put(code, name, socket -> socket.frame(kind, payload));
    }

    private void text(String message, String name) {
        put(4400, name, socket -> socket.send(message));
    }

    private void put(int code, String name, Consumer<RawSocket> doing) {
        all.put(name, new Case(code, doing));
    }
}
