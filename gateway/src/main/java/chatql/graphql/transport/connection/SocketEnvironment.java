package chatql.graphql.transport.connection;

import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.request.Json;
import chatql.limit.LimitSettings;
import chatql.limit.TurnedAway;
import graphql.parser.ParserOptions;

/** What all sockets share. */
public record SocketEnvironment(
        Connections connections,
        TransportSettings settings,
        LimitSettings limits,
        TurnedAway turnedAway,
        ParserOptions parser,
        Json json,
        Traffic webSocket,
        Traffic sse) {}
