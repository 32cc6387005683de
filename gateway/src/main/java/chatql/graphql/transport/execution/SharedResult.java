package chatql.graphql.transport.execution;

import chatql.graphql.transport.request.Json;
import graphql.ExecutionResultImpl;
import org.jspecify.annotations.Nullable;

/** A result that is sent to several clients, each in its own frame: it is encoded as JSON once, when first sent. */
public final class SharedResult extends ExecutionResultImpl {
    /** In bytes: a larger result is encoded for each client and not kept, or the latest views would keep megabytes. */
    static final int MAX_SIZE = 32 << 10;

    private volatile byte @Nullable [] json;

    /** @param data has no errors, and is never modified any more */
    public SharedResult(Object data) {
        super(data, null);
    }

    public byte[] json(Json writer) {
        byte[] encoded = json;
        if (encoded == null) {
            // Two threads may both encode it: the output is identical.
            encoded = writer.write(toSpecification());
            json = encoded.length > MAX_SIZE ? null : encoded;
        }
        return encoded;
    }
}
