package chatql.graphql.transport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Invalid requests, which no browser or library sends, by what is wrong with them, and the start of their responses.
 */
final class WrongRequests {
    private static final String HELLO = "{\"query\":\"{ hello }\"}";
    private static final String CLOSED = "";

    /** Sends an empty request with {@code Connection: close}. */
    private static final String GONE = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /** @param answer the start of the response, as a pattern */
    record Case(String request, String answer) {}

    private final Attacker attacker;
    private final Map<String, Case> all = new LinkedHashMap<>();

    private WrongRequests(Attacker attacker) {
        this.attacker = attacker;
    }

    /** All requests, with the attacker's own token. */
    static Map<String, Case> of(Attacker attacker) {
        var wrong = new WrongRequests(attacker);
        wrong.lines();
        wrong.heads();
        wrong.lengths();
        wrong.types();
        wrong.bodies();
        wrong.origins();
        wrong.handshakes();
        wrong.hosts();
        return wrong.all;
    }

    private void lines() {
        line("GARBAGE", "400");
        line("GET", "400");
        line("GET /graphql", "400");
        line("GET /graphql?query=%7Bhello%7D HTTP/9.9", "(200|400|505)");
        line("GET /graphql HTTP/1.1 HTTP/1.1", "400");
        line("PRI * HTTP/2.0", "(400|404|505)");
        line("TRACE /graphql HTTP/1.1", "40[05]");
        line("CONNECT example.com:443 HTTP/1.1", "40[045]");
        line("DELETE /graphql HTTP/1.1", "405");
        line("PUT /graphql HTTP/1.1", "405");
        line("HELLO /graphql HTTP/1.1", "40[05]");
        line("GET /graphql?query=mutation%7BcreateUser(username:%22eve%22)%7Bsuccess%7D%7D HTTP/1.1", "405");
        line("GET /graphql?query=" + "a".repeat(5_000) + " HTTP/1.1", "414");
        line("GET /graphql?query=%ZZ HTTP/1.1", "400");
        line("GET /graphql?query=%C3%28 HTTP/1.1", "(200|400)");
        line("GET /graphql?query=%7Bhello%7D&variables=%7B HTTP/1.1", "400");
        line("GET /graphql/../peer/own/name HTTP/1.1", "40[0145]");
        line("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", "40[04]");
        line("GET /graphiql/../../application.yaml HTTP/1.1", "40[04]");
        line("GET /graphiql/%2e%2e%2fapplication.yaml HTTP/1.1", "40[04]");
        line("GET /application.yaml HTTP/1.1", "404");
        line("GET /actuator/env HTTP/1.1", "404");
        line("GET /actuator/prometheus HTTP/1.1", "404");
        line("GET /peer/own/name HTTP/1.1", "40[0145]");
        line("POST /peer/own/name HTTP/1.1", "4(00|15)");
    }

    private void line(String line, String status) {
        String name = line.length() > 80 ? line.substring(0, 80) + "…" : line;
        put(
                name,
                line + "\r\nHost: localhost\r\nConnection: close\r\nAccept: application/json\r\nAuthorization: "
                        + attacker.authorization() + "\r\n\r\n",
                status);
    }

    private void heads() {
        head("a head of 20 KB", "X: " + "x".repeat(20_000), "431");
        head("1,000 headers", "X: y\r\n".repeat(1_000) + "X: y", "(200|400|431)");
        head("a header without a name", ": x", "400");
        head("a header without a colon", "nothing", "400");
        head("a space before the colon", "X : y", "400");
        head("a header on two lines", "X: y\r\n z", "(200|400)");
        head("a NUL in a header", "X: \u0000", "400");
        head("a lone line feed", "X: y\nZ: w", "(200|400)");
        head("an Accept of garbage", "Accept: \u00ff\u00fe", "400");
        head("an unsupported Accept", "Accept: image/png", "406");
        head("an Accept of 2,000 types", "Accept: " + "a/b,".repeat(1_500) + "a/b", "406");
        head("an unknown Expect", "Expect: the-unexpected", "(200|417)");
        head("a forged client address", "X-Forwarded-For: " + "1.1.1.1, ".repeat(500) + "1", "200");
        head("an invalid Last-Event-ID", "Last-Event-ID: ' OR 1=1", "200");
    }

    private void head(String name, String header, String status) {
        put(name, attacker.request("POST /graphql", HELLO, header), status);
    }

    private void lengths() {
        raw("a length that is text", "Content-Length: five\r\n\r\nhello", "400");
        raw("a negative length", "Content-Length: -1\r\n\r\n", "400");
        raw("two lengths", "Content-Length: 21\r\nContent-Length: 20\r\n\r\n" + HELLO, "400");
        raw("a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400");
        raw("an unknown encoding", "Transfer-Encoding: nonsense\r\n\r\n" + HELLO, "(400|501)");
        raw("an encoding that isn't the last", "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", "(400|501)");
        raw("a chunk's length that is text", "Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n", "(400|$)");
        raw("an excessive chunk length", "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", "(400|413|$)");
        raw("300 KB, announced", "Content-Length: 307200\r\n\r\n" + "x".repeat(2_000), "413");
        raw("1 GB, announced", "Content-Length: 1073741824\r\n\r\nx", "413");
        raw(
                "300 KB in chunks",
                "Transfer-Encoding: chunked\r\n\r\n" + ("4000\r\n" + "x".repeat(0x4000) + "\r\n").repeat(19)
                        + "0\r\n\r\n",
                "413");
    }

    private void raw(String name, String rest, String status) {
        put(
                name,
                "POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: "
                        + attacker.authorization() + "\r\n" + rest,
                status);
    }

    private void types() {
        for (String type : List.of(
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/graphql",
                "application/jsonp",
                "application/xml",
                "application/json;charset=klingon",
                "application/json, text/plain",
                "*/*",
                "")) {
            put(
                    "a body of the type '" + type + "'",
                    attacker.request("POST /graphql", HELLO, "Content-Type: " + type),
                    "415");
        }
    }

    private void bodies() {
        body("nothing", "", "400");
        body("not JSON", "hello", "400");
        body("an incomplete body", "{\"query\":\"{ hello }\"", "400");
        body("two objects", HELLO + HELLO, "400");
        body("a batch", "[" + HELLO + "," + HELLO + "]", "400");
        body("a batch of 1,000", "[" + (HELLO + ",").repeat(999) + HELLO + "]", "400");
        body("null", "null", "400");
        body("text", "\"{ hello }\"", "400");
        body("a number", "1", "400");
        body("no query", "{}", "400");
        body("a query that is null", "{\"query\":null}", "400");
        body("a query that is a number", "{\"query\":1}", "400");
        body("a query that is an object", "{\"query\":{\"a\":1}}", "400");
        body(
                "only a hash of a query",
                "{\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"ab\"}}}",
                "400");
        body("variables that are text", "{\"query\":\"{ hello }\",\"variables\":\"{}\"}", "400");
        body("variables that are a list", "{\"query\":\"{ hello }\",\"variables\":[1]}", "400");
        body("an operation name that is a number", "{\"query\":\"{ hello }\",\"operationName\":7}", "400");
        body("a duplicate field", "{\"query\":\"{ hello }\",\"query\":\"{ a }\"}", "400");
        body("50,000 nested lists", "{\"query\":\"{ hello }\",\"variables\":" + "[".repeat(50_000), "400");
        body("50,000 nested objects", "{\"query\":\"{ hello }\",\"variables\":" + "{\"a\":".repeat(50_000), "400");
        body(
                "a number of 100,000 digits",
                "{\"query\":\"{ hello }\",\"variables\":{\"a\":" + "9".repeat(100_000) + "}}",
                "400");
        body("a name of 100,000 letters", "{\"" + "a".repeat(100_000) + "\":1}", "400");
        body("broken UTF-8", "{\"query\":\"{ hello }\u00c3\u0028\"}", "400");
        body("an overlong slash", "{\"query\":\"{ hello }\u00c0\u00af\"}", "400");
        body("half a surrogate pair", "{\"query\":\"{ hello }\u00ed\u00a0\u0080\"}", "400");
        body("a byte order mark of another charset", "\u00ff\u00fe{\u0000", "400");
        body("a gzip header only", "\u001f\u008b\u0008\u0000", "400");
    }

    private void body(String name, String body, String status) {
        put("a body: " + name, attacker.request("POST /graphql", body), status);
    }

    private void origins() {
        for (String origin : List.of(
                "https://evil.example",
                "null",
                "http://localhost.evil.example",
                "https://localhost",
                "http://localhost:81",
                "file://",
                "http://localhost@evil.example",
                "chrome-extension://abc",
                "garbage")) {
            String header = "Origin: " + origin;
            put("a post from " + origin, attacker.request("POST /graphql", HELLO, header), "403");
            put(
                    "a stream for " + origin,
                    attacker.request("POST /graphql", HELLO, header, "Accept: text/event-stream"),
                    "403");
            put("a get from " + origin, attacker.request("GET /graphql?query=%7Bhello%7D", "", header), "403");
            put(
                    "a preflight from " + origin,
                    attacker.request("OPTIONS /graphql", "", header, "Access-Control-Request-Method: POST"),
                    "403");
            put("a socket for " + origin, handshake(header), "403");
        }
    }

    private void handshakes() {
        put("a socket without a key", handshake("").replaceAll("Sec-WebSocket-Key[^\r]*\r\n", ""), "400");
        put("a socket of version 8", handshake("").replace("Version: 13", "Version: 8"), "426");
        put("a socket of no version", handshake("").replace("Sec-WebSocket-Version: 13\r\n", ""), "426");
        put("a socket by POST", handshake("").replace("GET", "POST"), "400");
        put("a socket by HTTP/1.0", handshake("").replace("HTTP/1.1", "HTTP/1.0"), "400");
        for (String connection : List.of("", "Connection: close\r\n", "connection: keep-alive, close\r\n")) {
            put(
                    "a socket with '" + connection.strip() + "'",
                    handshake("").replace("Connection: Upgrade, close\r\n", connection) + GONE,
                    "400");
        }
        for (String upgrade : List.of("h2c, websocket", "WEBSOCKET, h2c", "websocket/13, websocket")) {
            put("a socket upgraded to '" + upgrade + "'", handshake("").replace(": websocket", ": " + upgrade), "400");
        }
        for (String key : List.of("", "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZXMh", "?".repeat(24))) {
            put("a socket with the key '" + key + "'", handshake("").replace("dGhlIHNhbXBsZSBub25jZQ==", key), "400");
        }
        put("a socket with a body", handshake("Content-Length: 3") + "abc", "400");
    }

    private void hosts() {
        for (String host : List.of("evil.example", "evil.example:8080", "localhost.evil.example", "192.168.0.1", "x")) {
            hosts("the host " + host, "Host: " + host + "\r\n", "421");
        }
        hosts("no host", "", "400");
        hosts("two hosts", "Host: localhost\r\nHost: localhost\r\n", "400");
        hosts("a host with a path", "Host: localhost/x\r\n", "400");
        hosts("a host of two words", "Host: local host\r\n", "400");
    }

    private void hosts(String name, String host, String status) {
        String own = "Host: localhost\r\n";
        put("a post to " + name, attacker.request("POST /graphql", HELLO).replace(own, host), status);
        put(
                "a page's post to " + name,
                attacker.request("POST /graphql", HELLO, "Origin: null").replace(own, host),
                status);
        put("a socket to " + name, handshake("").replace(own, host), status);
        for (String address : List.of("/", "/graphiql/", "/chat/page.json", "/nothing")) {
            put(address + " of " + name, attacker.request("GET " + address, "").replace(own, host), status);
        }
        put(
                "a preflight to " + name,
                attacker.request("POST /peer/own/names", "{}").replace(own, host),
                status);
    }

    private static String handshake(String header) {
        return "GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Protocol: graphql-transport-ws\r\n" + (header.isEmpty() ? "" : header + "\r\n")
                + "\r\n";
    }

    private void put(String name, String request, String status) {
        all.put(name, new Case(request, status.equals(CLOSED) ? "$" : "(?s)^HTTP/[0-9.]+ " + status + ".*"));
    }
}
