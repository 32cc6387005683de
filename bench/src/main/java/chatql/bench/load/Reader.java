package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** One who reads history, a page after the other. */
final class Reader {
    private static final Duration LONGEST_FILLING = Duration.ofMinutes(4);
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

    /** What was sent is the number of messages that were in history within the bound: all or none. */
    Outcome fill(Task.Fill fill, KafkaSide kafka) throws Exception {
        Tally tally = Tally.begun();
        kafka.fill(fill);
        long end = System.nanoTime() + LONGEST_FILLING.toNanos();
        // The user's own last message comes on a longer way than what the user got.
        String last = "#" + (fill.messages() - 2) + " ";
        boolean there = ask(fill.user(), 10).contains(last);
        while (!there && System.nanoTime() < end) {
            LockSupport.parkNanos(200_000_000);
            there = ask(fill.user(), 10).contains(last);
        }
        close();
        return tally.end(there ? fill.messages() : 0);
    }

    Outcome pages(Task.Pages pages) throws Exception {
        Tally tally = Tally.begun();
        var times = new Histogram(3);
        for (int i = 0; i < pages.times(); i++) {
            long begin = System.nanoTime();
            String page = ask(pages.user(), pages.messages());
            times.recordValue((System.nanoTime() - begin) / 1_000);
            if (!page.contains("\"success\":true")) {
                throw new IllegalStateException("Not a page: " + page);
            }
        }
        close();
        return tally.end(pages.times(), times);
    }

    private String ask(String user, int messages) throws Exception {
        open.get(ANSWER_S, TimeUnit.SECONDS);
        var answer = new CompletableFuture<String>();
        String query = "{\"query\":\"query Page($user: String!, $last: Int) { messages(userId: $user, last: $last) {"
                + " success errors messages { id senderId content cursor } } }\",\"variables\":{\"user\":\"" + user
                + "\",\"last\":" + messages + "}}";
        network.loop()
                .execute(() -> lines.post(query.getBytes(StandardCharsets.UTF_8), body -> answer.complete(text(body))));
        return answer.get(ANSWER_S, TimeUnit.SECONDS);
    }

    private static String text(@org.jspecify.annotations.Nullable ByteBuf body) {
        return body == null ? "" : body.toString(StandardCharsets.UTF_8);
    }

    private void close() {
        network.loop().execute(lines::close);
    }
}
