package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests the transport with other projects' tools: the audits of graphql-http, the clients of graphql-ws and
 * graphql-sse.
 */
@Timeout(60)
class NodeConformanceTest {

    private static final Path SCRIPTS = Path.of("src", "test", "node");
    private static final Path INSTALLED = Path.of("target", "node");

    private record Ended(int status, String output) {}

    @BeforeAll
    static void install() throws Exception {
        assumeTrue(
                works("node") && works("npm"),
                "Skipped without Node: install version 20 or newer, with npm, to run it");
        Files.createDirectories(INSTALLED);
        try (Stream<Path> scripts = Files.list(SCRIPTS)) {
            for (Path script : scripts.toList()) {
                Files.copy(script, INSTALLED.resolve(script.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Ended installed = run("npm", "install", "--no-audit", "--no-fund");
        assertThat(installed.status()).as(installed.output()).isZero();
    }

    @Test
    void allAuditsOfGraphqlHttpPass() throws Exception {
        try (TestServer server = TestServer.start()) {
            Ended audits = run("node", "audits.mjs", server.url());

            assertThat(audits.status()).as(audits.output()).isZero();
            assertThat(audits.output()).contains("61 of 61");
        }
    }

    @Test
    void graphqlWsClientIsServed() throws Exception {
        try (TestServer server = TestServer.start()) {
            Ended client = run("node", "graphql-ws.mjs", server.url().replace("http", "ws"));

            assertThat(client.status()).as(client.output()).isZero();
        }
    }

    @Test
    void graphqlSseClientIsServed() throws Exception {
        try (TestServer server = TestServer.start()) {
            Ended client = run("node", "graphql-sse.mjs", server.url());

            assertThat(client.status()).as(client.output()).isZero();
        }
    }

    private static boolean works(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private static Ended run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command))
                .directory(INSTALLED.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
