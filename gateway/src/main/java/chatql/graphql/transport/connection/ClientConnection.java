package chatql.graphql.transport.connection;

import chatql.graphql.transport.connection.ConnectionRegistry.Transport;

/** One client's WebSocket or event stream. Thread-safe. */
public interface ClientConnection {

    Transport transport();

    /** Completes the subscriptions, waits for running queries and mutations to be answered, then closes. */
    void leave();

    /** Closes the connection at once and discards what is queued. */
    void cut();
}
