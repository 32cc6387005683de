package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** npm packages for services that write to the topic; tests that need them are skipped without Node. */
final class Node {
    private static final Path INSTALLED = Path.of("target", "topic");

    private Node() {}

    /** Installs them, and returns the directory. */
    static Path installed() throws Exception {
        assumeTrue(
                works("node") && works("npm"),
                "Skipped without Node: install version 20 or newer, with npm, to run it");
        Files.createDirectories(INSTALLED);
        Files.copy(
                Path.of("src", "test", "topic", "package.json"),
                INSTALLED.resolve("package.json"),
                StandardCopyOption.REPLACE_EXISTING);
        var installed = Program.run(INSTALLED, Map.of(), "npm", "install", "--no-audit", "--no-fund");
        assertThat(installed.status()).as(installed.output()).isZero();
        return INSTALLED;
    }

    private static boolean works(String program) throws Exception {
        try {
            return Program.run(Path.of("."), Map.of(), program, "--version").status() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
