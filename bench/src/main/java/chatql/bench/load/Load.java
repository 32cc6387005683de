package chatql.bench.load;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/**
 * The load generator's process: one task per line on its standard input, one outcome per line on its standard output.
 */
public final class Load {
    /** The prefix of a line with an outcome. */
    public static final String ANSWER = "outcome ";

    private Load() {}

    public static void main(String[] arguments) throws Exception {
        var json = JsonMapper.builder().build();
        var generator = new Generator();
        var tasks = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = tasks.readLine(); line != null; line = tasks.readLine()) {
            Outcome outcome = generator.run(json.readValue(line, Task.class));
            System.out.println(ANSWER + json.writeValueAsString(outcome));
        }
        System.exit(0);
    }
}
