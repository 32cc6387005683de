package chatql.graphql.transport;

/** What all sockets share. */
record SocketEnvironment(
        Connections connections, TransportSettings settings, Json json, Traffic webSocket, Traffic sse) {}
