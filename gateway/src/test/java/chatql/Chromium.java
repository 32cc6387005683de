package chatql;

import static java.util.Objects.requireNonNull;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The machine's own Chromium, headless, one for the test class. */
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String HOW_TO =
            "Skipped without Chromium on the PATH, so the page is not tested in a browser: apt-get install chromium";

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Without it, the test is skipped with a line that says so. */
    static Chromium start() {
        if (executable().isEmpty()) {
            System.out.println(HOW_TO);
        }
        Assumptions.assumeTrue(executable().isPresent(), HOW_TO);
        var environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        var playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        return new Chromium(playwright, playwright.chromium().launch(options()));
    }

    private static BrowserType.LaunchOptions options() {
        return new BrowserType.LaunchOptions()
                .setExecutablePath(executable().orElseThrow())
                .setArgs(List.of(
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync"));
    }

    private static Optional<Path> executable() {
        return Stream.of(requireNonNull(System.getenv("PATH")).split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A new browser context, which reports every error and every request to another origin. */
    BrowserContext context(String origin, Consumer<String> report) {
        return context(origin, new Browser.NewContextOptions(), report);
    }

    BrowserContext context(String origin, Browser.NewContextOptions options, Consumer<String> report) {
        var context = browser.newContext(options);
        Consumer<String> checkAddress = url -> {
            if (!url.startsWith("data:") && !url.matches("(http|ws)://" + origin + "/.*")) {
                report.accept("a request left the page's origin: " + url);
            }
        };
        context.onRequest(request -> checkAddress.accept(request.url()));
        context.onPage(page -> page.onWebSocket(socket -> checkAddress.accept(socket.url())));
        context.onWebError(error -> report.accept(error.error()));
        context.onConsoleMessage(message -> {
            // Caused by the machine, not the page: see ChatTab.
            if ("error".equals(message.type()) && !message.text().contains("ERR_NETWORK_CHANGED")) {
                report.accept(message.text());
            }
        });
        return context;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
