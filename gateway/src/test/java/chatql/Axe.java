package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.ClassPathResource;

/** Deque's axe-core, run in a page: reports accessibility problems. */
final class Axe {
    private static final String SERIOUS = """
            async () => (await axe.run({ resultTypes: ["violations"] })).violations
                .filter(({ impact }) => impact === "serious" || impact === "critical")
                .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`)""";

    private Axe() {}

    static void assertThatNothingIsSerious(Page page) {
        page.evaluate(script());
        assertThat((List<?>) page.evaluate(SERIOUS)).isEmpty();
    }

    private static String script() {
        try {
            return new ClassPathResource("axe.min.js").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
