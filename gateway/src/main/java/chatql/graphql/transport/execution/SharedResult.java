package chatql.graphql.transport.execution;

import chatql.graphql.transport.request.Json;
import graphql.ExecutionResultImpl;
import org.jspecify.annotations.Nullable;

/** A result that several clients may be told, each in its own frame: it is put into JSON once, when it is first told. */
public final class SharedResult extends ExecutionResultImpl {
    /** In bytes: what is larger is not kept, and written again for each client, or the latest views would keep megabytes. */
    static final int MAX_SIZE = 32 << 10;

    private volatile byte @Nullable [] json;

    /** @param data without errors, and never changed any more */
    public SharedResult(Object data) {
        super(data, null);
    }

    public byte[] json(Json writer) {
        byte[] written = json;
        if (written == null) {
            // Two threads may both write it: it is the same.
            written = writer.write(toSpecification());
            json = written.length > MAX_SIZE ? null : written;
        }
        return written;
    }
}
