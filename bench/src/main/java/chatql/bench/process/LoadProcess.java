package chatql.bench.process;

import chatql.bench.load.Load;
import chatql.bench.load.Outcome;
import chatql.bench.load.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** A load generator in its own process. */
public final class LoadProcess implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Child child;
    private final Writer tasks;
    private final BufferedReader outcomes;

    public LoadProcess(Path directory, String name) {
        child = Child.talking(directory, name, List.of("-Xmx768m"), Load.class);
        tasks = new OutputStreamWriter(child.process().getOutputStream(), StandardCharsets.UTF_8);
        outcomes = child.process().inputReader(StandardCharsets.UTF_8);
    }

    /** Runs a task and returns its outcome. */
    public Outcome run(Task task) throws IOException {
        tasks.write(JSON.writerFor(Task.class).writeValueAsString(task) + "\n");
        tasks.flush();
        for (String line = outcomes.readLine(); line != null; line = outcomes.readLine()) {
            if (line.startsWith(Load.ANSWER)) {
                return JSON.readValue(line.substring(Load.ANSWER.length()), Outcome.class);
            }
        }
        throw new IllegalStateException("The load generator has ended in " + task);
    }

    @Override
    public void close() {
        child.close();
    }
}
