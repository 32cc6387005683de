package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.Chat;
import chatql.Following;
import java.time.Duration;
import java.util.Map;

/** An ordinary client, who listens all the while and whom nobody's doing may touch. */
public final class Bystander implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Chat chat;
    private final String name;
    private final Following listening;
    private int told;

    /** @param chat which may send in anybody's name */
    public Bystander(Chat chat, String name) {
        this.chat = chat;
        this.name = name;
        this.listening = chat.follow(name, "earliest");
    }

    /** Something is sent, heard on the socket that has been open since the beginning, and read. */
    public void isServed() {
        String content = "message " + told;
        var cursor = chat.send("friend" + told, name, content).get("cursor").stringValue();
        told++;

        assertThat(listening.await(told, SOON).contents()).hasSize(told).last().isEqualTo(content);
        assertThat(listening.closed()).isNull();
        assertThat(chat.page(Map.of("userId", name, "last", 1, "atLeast", cursor))
                        .at("/messages/0/content")
                        .stringValue())
                .isEqualTo(content);
    }

    @Override
    public void close() {
        listening.close();
    }
}
