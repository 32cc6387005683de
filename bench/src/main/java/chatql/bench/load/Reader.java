package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Reads history, one page after the other. */
final class Reader {
    private static final Duration LONGEST_FILLING = Duration.ofMinutes(6);
    private static final int ANSWER_S = 20;

    private final Network network;
    private final Lines lines;
    private final CompletableFuture<Void> open;

    Reader(Network network, Where where) {
        this.network = network;
        this.lines = new Lines(network, where, Lines.Wire.HTTP);
        this.open = CompletableFuture.supplyAsync(() -> lines.open(1), network.loop())
                .thenCompose(all -> all);
    }

    /** The outcome's sent messages are those that were in history within the bound: all or none. */
    Outcome fill(Task.Fill fill, KafkaSide kafka) throws Exception {
        Tally tally = Tally.begun();
        kafka.fill(fill);
        long end = System.nanoTime() + LONGEST_FILLING.toNanos();
        boolean there = isThere(fill);
        while (!there && System.nanoTime() < end) {
            // A query is work, too, for the process that is filling the store.
            LockSupport.parkNanos(1_000_000_000);
            there = isThere(fill);
        }
        close();
        return tally.end(there ? fill.messages() : 0);
    }

    /** Checks for the last messages that the user sent and received; both are of the same partner. */
    private boolean isThere(Task.Fill fill) throws Exception {
        String conversation = ask(fill.user(), KafkaSide.partner(fill.messages() - 1), 1_000);
        return conversation.contains("#" + (fill.messages() - 2) + " ")
                && conversation.contains("#" + (fill.messages() - 1) + " ");
    }

    Outcome pages(Task.Pages pages) throws Exception {
        Tally tally = Tally.begun();
        var times = new Histogram(3);
        for (int i = 0; i < pages.times(); i++) {
            long begin = System.nanoTime();
            String page = ask(pages.user(), null, pages.messages());
            times.recordValue((System.nanoTime() - begin) / 1_000);
            if (!page.contains("\"success\":true")) {
                throw new IllegalStateException("Not a page: " + page);
            }
        }
        close();
        return tally.end(pages.times(), times);
    }

    private String ask(String user, @Nullable String with, int messages) throws Exception {
        open.get(ANSWER_S, TimeUnit.SECONDS);
        var answer = new CompletableFuture<String>();
        String query = "{\"query\":\"query Page($user: String!, $with: String, $last: Int) {"
                + " messages(userId: $user, with: $with, last: $last) {"
                + " success errors messages { id senderId content cursor } } }\",\"variables\":{\"user\":\"" + user
                + "\""
                + (with == null ? "" : ",\"with\":\"" + with + "\"") + ",\"last\":" + messages + "}}";
        network.loop()
                .execute(() -> lines.post(query.getBytes(StandardCharsets.UTF_8), body -> answer.complete(text(body))));
        return answer.get(ANSWER_S, TimeUnit.SECONDS);
    }

    private static String text(@Nullable ByteBuf body) {
        return body == null ? "" : body.toString(StandardCharsets.UTF_8);
    }

    private void close() {
        network.loop().execute(lines::close);
    }
}
