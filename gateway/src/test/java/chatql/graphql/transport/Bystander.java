package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.Chat;
import chatql.Following;
import java.time.Duration;
import java.util.Map;

/** An ordinary client, which subscribes all the time and must not be affected by others. */
public final class Bystander implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Chat chat;
    private final String name;
    private final Following subscription;
    private int sent;

    /** @param chat a client that may send as any user */
    public Bystander(Chat chat, String name) {
        this.chat = chat;
        this.name = name;
        this.subscription = chat.follow(name, "earliest");
    }

    /**
     * Sends a message, receives it on the WebSocket that has been open since the beginning, and reads it from history.
     */
    public void isServed() {
        String content = "message " + sent;
        var cursor = chat.send("friend" + sent, name, content).get("cursor").stringValue();
        sent++;

        assertThat(subscription.await(sent, SOON).contents())
                .hasSize(sent)
                .last()
                .isEqualTo(content);
        assertThat(subscription.closed()).isNull();
        assertThat(chat.page(Map.of("userId", name, "last", 1, "atLeast", cursor))
                        .at("/messages/0/content")
                        .stringValue())
                .isEqualTo(content);
    }

    @Override
    public void close() {
        subscription.close();
    }
}
