package chatql.bench.process;

import chatql.embedded.EmbeddedKafka;
import java.nio.file.Path;

/** The broker's process. Its arguments are the directory of its log and its port. */
public final class Broker {
    private Broker() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println("Serving");
        // The parent process closes standard input when it ends, in any way.
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
