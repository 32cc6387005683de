package chatql;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the gateway, as in the README: queries and mutations over HTTP, the subscription over WebSocket. */
public record Chat(URI uri, @Nullable String authorization) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    public Chat(URI uri) {
        this(uri, null);
    }

    /** The same client, with credentials. */
    public Chat as(String shown) {
        return new Chat(uri, shown);
    }

    /** The response's {@code data}. */
    public JsonNode execute(String document, Map<String, ?> variables) {
        return executeAsync(document, variables).join();
    }

    public CompletableFuture<JsonNode> executeAsync(String document, Map<String, ?> variables) {
        var body = JSON.writeValueAsBytes(Map.of("query", document, "variables", variables));
        var request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(answer -> data(JSON.readTree(answer.body())));
    }

    private static JsonNode data(JsonNode answer) {
        if (answer.has("errors")) {
            throw new AssertionError(answer.toString());
        }
        return answer.get("data");
    }

    public JsonNode createUser(String username) {
        return createUserAsync(username).join();
    }

    public CompletableFuture<JsonNode> createUserAsync(String username) {
        return executeAsync(
                        "mutation($name: String!) { createUser(username: $name) { success errors user { username userId } } }",
                        Map.of("name", username))
                .thenApply(data -> data.get("createUser"));
    }

    public JsonNode userId(String username) {
        return execute("query($name: String!) { userId(username: $name) }", Map.of("name", username))
                .get("userId");
    }

    public JsonNode createMessage(Map<String, ?> arguments) {
        return createMessageAsync(arguments).join();
    }

    public CompletableFuture<JsonNode> createMessageAsync(Map<String, ?> arguments) {
        return executeAsync("""
                        mutation($senderId: String, $recipientId: String, $content: String, $clientMessageId: String) {
                          createMessage(
                              senderId: $senderId, recipientId: $recipientId, content: $content, clientMessageId: $clientMessageId) {
                            success errors message { id cursor sentAt content senderId recipientId }
                          }
                        }
                        """, arguments).thenApply(data -> data.get("createMessage"));
    }

    /** Sends a message, and returns it as it was stored. */
    public JsonNode send(String sender, String recipient, String content) {
        return sendAsync(sender, recipient, content).join();
    }

    public CompletableFuture<JsonNode> sendAsync(String sender, String recipient, String content) {
        return createMessageAsync(Map.of("senderId", sender, "recipientId", recipient, "content", content))
                .thenApply(result -> {
                    if (!result.get("success").booleanValue()) {
                        throw new AssertionError(result.toString());
                    }
                    return result.get("message");
                });
    }

    /** A page of messages, by any of the query's arguments. */
    public JsonNode page(Map<String, ?> arguments) {
        return pageAsync(arguments).join();
    }

    public CompletableFuture<JsonNode> pageAsync(Map<String, ?> arguments) {
        return executeAsync("""
                        query($userId: String!, $first: Int, $after: String, $last: Int, $before: String, $with: String, $atLeast: String) {
                          messages(userId: $userId, first: $first, after: $after, last: $last, before: $before, with: $with, atLeast: $atLeast) {
                            success errors messages { id cursor sentAt content senderId recipientId }
                            pageInfo { startCursor endCursor hasPreviousPage hasNextPage }
                          }
                        }
                        """, arguments).thenApply(data -> data.get("messages"));
    }

    public JsonNode users(Map<String, ?> arguments) {
        return execute("""
                        query($first: Int, $after: String, $prefix: String) {
                          users(first: $first, after: $after, prefix: $prefix) {
                            success errors users { username userId }
                            pageInfo { startCursor endCursor hasPreviousPage hasNextPage }
                          }
                        }
                        """, arguments).get("users");
    }

    public JsonNode messages(String userId) {
        return execute(
                        "query($id: String!) { messages(userId: $id) { success errors messages { id cursor sentAt content senderId recipientId } } }",
                        Map.of("id", userId))
                .get("messages");
    }

    /** The messages of the user, oldest first; none while history is unavailable. */
    public List<String> contents(String userId) {
        try {
            JsonNode messages = page(Map.of("userId", userId, "last", 1_000)).get("messages");
            return messages.isNull() ? List.of() : messages.findValuesAsString("content");
        } catch (CompletionException refused) {
            return List.of();
        }
    }

    /** Subscribes from now on, or after a cursor. */
    public Following follow(String userId, String after) {
        return new Following(uri, authorization, userId, after);
    }
}
