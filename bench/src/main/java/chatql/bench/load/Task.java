package chatql.bench.load;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The tasks of the load generator, which runs one after the other. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "task")
public sealed interface Task {
    /**
     * Opens subscriptions, and completes once each of them has received a message. Closes those that were open.
     *
     * @param users the number of different users to whom they subscribe, in turn
     * @param streams the number of them that are event streams; each of the others uses a WebSocket
     */
    record Listen(Where where, int subscribers, int users, int streams) implements Task {}

    /** Opens {@code subscribers} more subscriptions, each to its own user. */
    record Join(Where where, int subscribers) implements Task {}

    /** Closes all subscriptions. */
    record Leave() implements Task {}

    /**
     * Closed loop: each connection sends the next message when the last is acknowledged; to the subscribers, or to
     * users without any.
     *
     * @param sockets whether the connections are WebSockets instead of HTTP
     */
    record Append(Where where, boolean sockets, int connections, double seconds) implements Task {}

    /** Open loop: sends messages to the subscribers at the moments of a schedule, independently of their results. */
    record Chat(Where where, int connections, int rate, double seconds) implements Task {}

    /** Runs a {@link Chat}, after a quarter of which all subscribers are disconnected at once, and resume. */
    record Storm(Where where, int connections, int rate, double seconds) implements Task {}

    /** Writes records to the topic for users without subscribers. */
    record Noise(String bootstrapServers, String topic, int rate, double seconds) implements Task {}

    /** Writes messages to the user to the topic, and completes once the last is in their history. */
    record Fill(Where where, String bootstrapServers, String topic, String user, int messages) implements Task {}

    /** Queries the user's latest messages repeatedly. */
    record Pages(Where where, String user, int messages, int times) implements Task {}
}
