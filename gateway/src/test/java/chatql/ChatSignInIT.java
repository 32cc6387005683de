package chatql;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import chatql.security.Issuer;
import chatql.security.Provider;
import com.microsoft.playwright.BrowserContext;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The chat page in the mode {@code jwt}: one pod to which users bring a token, and one with an OpenID provider. */
@ExtendWith(KafkaBroker.class)
class ChatSignInIT {
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    static Path directory;

    private static Chromium chromium;
    private static Provider provider;
    private static World world;
    private static Chat pasting;
    private static Chat knowing;

    private final List<String> errors = new ArrayList<>();
    private BrowserContext browser;

    @BeforeAll
    static void begin() {
        chromium = Chromium.start();
        provider = new Provider("ulla", Duration.ofSeconds(4));
        world = new World(
                "chatql.auth.mode=jwt",
                "chatql.auth.public-key=" + provider.issuer().publicKey(directory),
                "chatql.auth.issuer-uri=" + provider.url(),
                "chatql.auth.audience=" + Issuer.AUDIENCE,
                "chatql.auth.clock-skew=0s");
        pasting = world.pod().chat();
        knowing =
                world.pod("knowing", "chatql.page.client-id=" + Provider.CLIENT).chat();
    }

    @AfterAll
    static void end() {
        if (chromium != null) {
            chromium.close();
            world.close();
            provider.close();
        }
    }

    @BeforeEach
    void openBrowser() {
        browser = chromium.context(
                "(" + origin(pasting) + "|" + origin(knowing) + "|" + provider.origin() + ")", errors::add);
    }

    @AfterEach
    void closeBrowser() {
        browser.close();
        assertThat(errors).isEmpty();
    }

    @Test
    void pastedTokenSignsInAndAnotherOneResumesAfterExpiry() {
        var tab = ChatTab.open(browser, origin(pasting));
        var sockets = countSockets(tab);
        paste(tab, "no token at all");
        assertThat(tab.page().getByText("This token names no user")).isVisible();
        paste(tab, provider.token("anna", Duration.ofSeconds(6)));
        tab.page().getByLabel("Your name").fill("Anna");
        tab.button("Take this name").click();
        tab.awaitListening();
        Chat ben = pasting.as("Bearer " + provider.token("ben", LONG));
        send(ben, "anna", "while it is valid");
        tab.choose("ben").shows("while it is valid");

        assertThat(tab.banner()).containsText("Your sign-in has ended");
        send(ben, "anna", "while signed out");
        tab.banner().getByText("Sign in again").click();
        Axe.assertThatNothingIsSerious(tab.page());
        paste(tab, provider.token("eve", LONG));
        assertThat(tab.page().getByText("This token is of eve, and you are anna"))
                .isVisible();
        paste(tab, provider.token("anna", LONG));

        tab.shows("while it is valid", "while signed out");
        tab.say("I am back");
        tab.shows("while it is valid", "while signed out", "I am back");
        assertThat(tab.banner()).hasText("");
        assertThat(ben.userId("Anna").stringValue()).isEqualTo("anna");
        assertThat(sockets.get()).isGreaterThan(1);
    }

    @Test
    void pastedTokenRenewedInTimeKeepsSocket() {
        var tab = ChatTab.open(browser, origin(pasting));
        paste(tab, provider.token("carl", Duration.ofSeconds(6)));
        tab.button("Go on without one").click();
        var sockets = countSockets(tab);
        tab.awaitListening();
        assertThat(tab.banner()).containsText("Your sign-in ends soon");
        int before = sockets.get();

        tab.banner().getByText("Renew it").click();
        paste(tab, provider.token("carl", LONG));
        long renewed = System.nanoTime();

        assertThat(tab.banner()).hasText("");
        // Until the first token has expired.
        tab.page().waitForCondition(() -> System.nanoTime() - renewed > 6_000_000_000L);
        send(pasting.as("Bearer " + provider.token("ben", LONG)), "carl", "still here?");
        tab.choose("ben").shows("still here?");
        assertThat(sockets.get()).isEqualTo(before);
    }

    @Test
    void providerSignsInAndRenewsTokensOnSameSocket() {
        var tab = ChatTab.open(browser, origin(knowing));
        var sockets = countSockets(tab);
        tab.button("Sign in").click();
        tab.page().getByLabel("Your name").fill("Ulla");
        tab.button("Take this name").click();
        tab.awaitListening();
        int before = sockets.get();
        assertThat(tab.page().url()).endsWith("/");

        // Until the first token has expired.
        tab.page().waitForCondition(() -> provider.renewals() >= 3);
        send(knowing.as("Bearer " + provider.token("ben", LONG)), "ulla", "still here?");

        tab.choose("ben").shows("still here?");
        tab.say("On the same socket.");
        tab.shows("still here?", "On the same socket.");
        assertThat(sockets.get()).isEqualTo(before);
        tab.reload();
        tab.shows("still here?", "On the same socket.");
    }

    @Test
    void pageConnectsToIssuerOnlyWhenConfigured() throws Exception {
        assertThat(policy(pasting)).contains("connect-src 'self';");
        assertThat(policy(knowing)).contains("connect-src 'self' " + provider.url() + ";");
    }

    private static String policy(Chat pod) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(pod.uri().resolve("/")).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("Content-Security-Policy")
                    .orElseThrow();
        }
    }

    private static void paste(ChatTab tab, String token) {
        tab.page().getByLabel("Your token").fill(token);
        tab.button("Use this token").click();
    }

    private static void send(Chat from, String to, String content) {
        assertThat(from.createMessage(Map.of("recipientId", to, "content", content))
                        .get("success")
                        .booleanValue())
                .isTrue();
    }

    private static AtomicInteger countSockets(ChatTab tab) {
        var sockets = new AtomicInteger();
        tab.page().onWebSocket(socket -> sockets.incrementAndGet());
        return sockets;
    }

    private static String origin(Chat pod) {
        return "localhost:" + pod.uri().getPort();
    }
}
