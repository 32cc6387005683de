package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import java.util.ArrayList;
import java.util.List;

/** Users with a browser each; at the end, no browser may have reported an error. */
final class Visitors implements AutoCloseable {
    private final Chromium chromium;
    private final String origin;
    private final List<BrowserContext> browsers = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    /** @param origin host:port of the page */
    Visitors(Chromium chromium, String origin) {
        this.chromium = chromium;
        this.origin = origin;
    }

    ChatTab open() {
        return open(new NewContextOptions());
    }

    ChatTab open(NewContextOptions options) {
        return ChatTab.open(browser(options), origin);
    }

    /** With a script that the browser runs before the page. */
    ChatTab openWith(String script) {
        var browser = browser(new NewContextOptions());
        browser.addInitScript(script);
        return ChatTab.open(browser, origin);
    }

    /** For tests that break the connection, which the browser rightly reports. */
    ChatTab openAt(Balancer balancer) {
        var browser = chromium.context(balancer.origin(), complaint -> {});
        browsers.add(browser);
        return ChatTab.open(browser, balancer.origin());
    }

    void complain(String of) {
        complaints.add(of);
    }

    private BrowserContext browser(NewContextOptions options) {
        var browser = chromium.context(origin, options, complaints::add);
        browsers.add(browser);
        return browser;
    }

    @Override
    public void close() {
        browsers.forEach(BrowserContext::close);
        assertThat(complaints).isEmpty();
    }
}
