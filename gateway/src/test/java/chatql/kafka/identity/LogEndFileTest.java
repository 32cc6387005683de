package chatql.kafka.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogEndFileTest {
    @TempDir
    Path directory;

    @Test
    void writtenEndsAreReadBack() {
        Map<Integer, LogEnd> ends = Map.of(0, new LogEnd(10, 3), 7, new LogEnd(0, LogEnd.UNKNOWN));
        file("topic").write(Map.of(0, new LogEnd(1, 1)));
        file("topic").write(ends);

        assertThat(file("topic").read()).isEqualTo(ends);
    }

    @Test
    void endsOfAnotherTopicAreUnknown() {
        file("topic").write(Map.of(0, new LogEnd(10, 3)));

        assertThat(file("another").read()).isEmpty();
    }

    @Test
    void missingOrBrokenFileIsUnknown() throws Exception {
        assertThat(file("topic").read()).isEmpty();
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/log-ends"), "topic\n0 ten 3\n");

        assertThat(file("topic").read()).isEmpty();
    }

    private LogEndFile file(String topic) {
        return new LogEndFile(directory.resolve("data/log-ends"), topic);
    }
}
