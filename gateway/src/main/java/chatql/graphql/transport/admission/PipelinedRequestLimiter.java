package chatql.graphql.transport.admission;

import chatql.limit.AnswerBudget;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the bytes of pipelined requests. Reactor Netty queues them, and stops reading at a number of parts whatever their
 * size, so their bytes are bounded here and counted in the pod's budget. Belongs to the channel's event loop.
 */
final class PipelinedRequestLimiter {
    /** In bytes of all of them, with heads: room for two hundred small requests. */
    static final int MAX = 128 << 10;

    /** The memory of a request's objects besides its text, in bytes. */
    private static final int OVERHEAD = 256;

    private final AnswerBudget budget;
    private @Nullable Queue<Integer> lengths;
    private int last;
    private int bytes;
    private boolean counting;

    PipelinedRequestLimiter(AnswerBudget budget) {
        this.budget = budget;
    }

    /** @param unanswered the number of requests without a response, this one included */
    void begin(HttpRequest request, int unanswered) {
        counting = unanswered > 1;
        if (counting) {
            close();
            add(OVERHEAD + request.uri().length());
            for (Map.Entry<String, String> header : request.headers()) {
                add(header.getKey().length() + header.getValue().length());
            }
        }
    }

    void add(int length) {
        if (counting) {
            last += length;
            bytes += length;
            budget.add(length);
        }
    }

    boolean isTooMuch() {
        return bytes > MAX;
    }

    /** The first request is answered: the one after it is no longer queued. */
    void answered() {
        Integer length = lengths == null ? null : lengths.poll();
        if (length == null) {
            counting = false;
            release(last);
            last = 0;
        } else {
            release(length);
        }
    }

    void end() {
        counting = false;
        lengths = null;
        last = 0;
        release(bytes);
    }

    /** The latest request is complete, because another one follows it. */
    private void close() {
        if (last > 0) {
            if (lengths == null) {
                lengths = new ArrayDeque<>();
            }
            lengths.add(last);
            last = 0;
        }
    }

    private void release(int length) {
        bytes -= length;
        budget.release(length);
    }
}
