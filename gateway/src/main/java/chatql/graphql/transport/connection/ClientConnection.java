package chatql.graphql.transport.connection;

import chatql.graphql.transport.connection.ConnectionRegistry.Transport;

/** One client's socket or stream. May be called from any thread. */
public interface ClientConnection {

    Transport transport();

    /** Completes the subscriptions, lets running queries and mutations answer, then closes. */
    void leave();

    /** Closes at once, whatever is still waiting. */
    void cut();
}
