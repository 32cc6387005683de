package chatql;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.util.List;

/** The chat page in a browser's tab, as a user handles it. */
final class ChatTab {
    /** Longer than a partition of history needs to move to another pod. */
    private static final int TIMEOUT = 40_000;

    private final Page page;

    private ChatTab(Page page) {
        this.page = page;
        page.setDefaultTimeout(TIMEOUT);
        setDefaultAssertionTimeout(TIMEOUT);
    }

    /** @param origin host:port */
    static ChatTab open(BrowserContext browser, String origin) {
        var tab = new ChatTab(browser.newPage());
        tab.load(() -> tab.page.navigate("http://" + origin + "/"));
        return tab;
    }

    void reload() {
        load(page::reload);
    }

    /**
     * Loads again, because Chromium aborts a load when the machine's network changes, as when containers start and
     * stop.
     */
    private void load(Runnable navigation) {
        for (int tries = 1; ; tries++) {
            try {
                navigation.run();
                page.locator("chat-name-form, chat-token-form, chat-sidebar")
                        .first()
                        .waitFor(soon());
                return;
            } catch (PlaywrightException failure) {
                if (tries == 3) {
                    throw failure;
                }
            }
        }
    }

    private static Locator.WaitForOptions soon() {
        return new Locator.WaitForOptions().setTimeout(15_000);
    }

    Page page() {
        return page;
    }

    /** Signs in, as a new user or as one who was here before. */
    ChatTab enter(String name) {
        page.getByLabel("Your name").fill(name);
        button("Start chatting").click();
        var back = page.getByRole(AriaRole.BUTTON, named("Come back as " + name));
        var inside = page.getByLabel("Find people");
        back.or(inside).first().waitFor();
        if (back.isVisible()) {
            back.click();
            inside.waitFor();
        }
        awaitListening();
        return this;
    }

    /** Waits until messages to this user are delivered. */
    void awaitListening() {
        page.waitForFunction("() => Object.keys(localStorage).some((key) => key.endsWith('/inbox'))");
    }

    /** The id of this page's user at the gateway. */
    String id() {
        return page.locator("chat-sidebar header p").innerText().replace("id ", "");
    }

    ChatTab find(String name) {
        page.getByLabel("Find people").fill(name);
        person(name).click();
        composer().waitFor();
        return this;
    }

    /** Chooses one of those in the list. */
    ChatTab choose(String name) {
        person(name).click();
        composer().waitFor();
        return this;
    }

    void back() {
        button("Back to the conversations").click();
    }

    Locator person(String name) {
        return page.locator("chat-sidebar .person", new Page.LocatorOptions().setHasText(name));
    }

    void say(String text) {
        composer().fill(text);
        composer().press("Enter");
    }

    Locator composer() {
        return page.locator("chat-composer textarea");
    }

    /** The stored messages of the open conversation, from top to bottom. */
    Locator messages() {
        return page.locator("chat-messages .message:not(.pending):not(.failed) .bubble");
    }

    List<String> texts() {
        return messages().allTextContents();
    }

    /** Waits until these are all of its messages, in this order. */
    void shows(String... texts) {
        orTellWhatIsThere(() -> assertThat(messages()).hasText(texts));
    }

    /** Waits until there are that many. */
    void shows(int count) {
        orTellWhatIsThere(() -> assertThat(messages()).hasCount(count));
    }

    private void orTellWhatIsThere(Runnable expectation) {
        try {
            expectation.run();
        } catch (AssertionError failure) {
            throw new AssertionError(page.locator("body").ariaSnapshot(), failure);
        }
    }

    Locator pending() {
        return page.locator("chat-messages .pending");
    }

    Locator failed() {
        return page.locator("chat-messages .failed");
    }

    Locator unread(String name) {
        return person(name).locator(".badge");
    }

    /** The banner with the state of the connection. */
    Locator banner() {
        return page.locator("chat-banner");
    }

    /** The text for screen readers. */
    Locator announced() {
        return page.locator("chat-app [aria-live=polite]");
    }

    /** Another tab of the same browser. */
    ChatTab another() {
        return open(page.context(), URI.create(page.url()).getAuthority());
    }

    Locator scroller() {
        return page.locator("chat-messages .scroller");
    }

    Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, named(name));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
