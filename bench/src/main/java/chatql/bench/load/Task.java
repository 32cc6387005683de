package chatql.bench.load;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the load generator is told to do, one after the other. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "task")
public sealed interface Task {
    /**
     * Opens subscriptions, and is done when each of them has heard something. Those that were open are closed.
     *
     * @param users how many different ones they listen to, in turn
     * @param streams how many of them come as an event stream, the others over a WebSocket each
     */
    record Listen(Where where, int subscribers, int users, int streams) implements Task {}

    /** Opens as many more subscriptions as are said, each to a user of its own. */
    record Join(Where where, int subscribers) implements Task {}

    /** Closes all subscriptions. */
    record Leave() implements Task {}

    /**
     * Closed loop: each connection says the next message when the last is acknowledged; to whoever listens, or to nobody.
     *
     * @param sockets whether the connections are WebSockets, and not HTTP's
     */
    record Append(Where where, boolean sockets, int connections, double seconds) implements Task {}

    /** Open loop: says messages to those who listen, at the moments of a schedule, whatever becomes of them. */
    record Chat(Where where, int connections, int rate, double seconds) implements Task {}

    /** As {@link Chat}; in the midst of it all subscribers are cut off at once, and resume. */
    record Storm(Where where, int connections, int rate, double seconds) implements Task {}

    /** Writes records into the topic that are for nobody who listens. */
    record Noise(String bootstrapServers, String topic, int rate, double seconds) implements Task {}

    /** Writes so many messages to the user into the topic, and is done when the last is in their history. */
    record Fill(Where where, String bootstrapServers, String topic, String user, int messages) implements Task {}

    /** Asks for the user's latest messages, again and again. */
    record Pages(Where where, String user, int messages, int times) implements Task {}
}
