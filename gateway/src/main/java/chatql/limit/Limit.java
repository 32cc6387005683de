package chatql.limit;

import java.util.Locale;

/**
 * The limits at which the gateway rejects work. Each has the name of its setting, which is also the value of the
 * metric's label.
 */
public enum Limit {
    CONNECTIONS,
    CONNECTIONS_PER_ADDRESS,
    CONNECTIONS_PER_USER,
    CONNECTS_PER_ADDRESS,
    CHANNELS,
    REQUEST_HEADER_TIMEOUT,
    KEEP_ALIVE_TIMEOUT,
    INIT_TIMEOUT,
    REQUESTS,
    REQUESTS_PER_ADDRESS,
    PEER_REQUESTS,
    PEER_REQUESTS_PER_ADDRESS,
    PEER_BODIES,
    PEER_BODIES_PER_ADDRESS,
    OPERATIONS,
    MAX_OPERATIONS,
    MESSAGES_PER_USER,
    MESSAGES_PER_ADDRESS,
    ANSWER_BYTES,
    PIPELINED,
    MAX_BODY,
    BODY_TIMEOUT,
    MAX_FRAME,
    MAX_PENDING_CONTROL_BYTES,
    DOCUMENT,
    TOKENS,
    DEPTH,
    COMPLEXITY,
    PAGE_ENTRIES,
    DIRECTIVES;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
