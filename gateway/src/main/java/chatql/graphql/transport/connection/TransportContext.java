package chatql.graphql.transport.connection;

import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.request.Json;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import graphql.parser.ParserOptions;

/** What all connections share. */
public record TransportContext(
        ConnectionRegistry connectionRegistry,
        TransportSettings settings,
        LimitSettings limits,
        LimitMetrics limitMetrics,
        ParserOptions parser,
        Json json,
        TransportMetrics webSocket,
        TransportMetrics sse) {}
