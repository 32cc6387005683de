package chatql;

import static java.util.Objects.requireNonNull;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The machine's own Chromium, headless; keeps account of every request that leaves the page's origin and every error. */
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String HOW_TO =
            "No Chromium is on the PATH, so the page isn't tried in a browser: apt-get install chromium";

    private final Playwright playwright;
    private final Browser browser;
    private final String origin;
    private final List<String> complaints = new ArrayList<>();

    private Chromium(Playwright playwright, Browser browser, String origin) {
        this.playwright = playwright;
        this.browser = browser;
        this.origin = origin;
    }

    static void assumeInstalled() {
        if (executable().isEmpty()) {
            System.out.println(HOW_TO);
        }
        Assumptions.assumeTrue(executable().isPresent(), HOW_TO);
    }

    /** Complains of whatever isn't from the origin: {@code host:port}. */
    static Chromium start(String origin) {
        var environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        var playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        return new Chromium(playwright, playwright.chromium().launch(options()), origin);
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

    BrowserContext context() {
        var context = browser.newContext();
        context.onRequest(request -> checkAddress(request.url()));
        context.onConsoleMessage(message -> {
            if ("error".equals(message.type())) {
                complaints.add(message.text());
            }
        });
        context.onWebError(error -> complaints.add(error.error()));
        context.onPage(page -> page.onWebSocket(socket -> checkAddress(socket.url())));
        return context;
    }

    private void checkAddress(String url) {
        if (!url.startsWith("data:") && !url.matches("(http|ws)://" + origin + "/.*")) {
            complaints.add("a request left the page's origin: " + url);
        }
    }

    /** What was complained of until now. */
    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
