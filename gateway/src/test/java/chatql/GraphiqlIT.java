package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The tutorial, in a real browser. */
@ExtendWith(KafkaBroker.class)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class GraphiqlIT {
    private final String alice = unique("Alice");
    private final String bob = unique("Bob");

    @LocalServerPort
    int port;

    private static Chromium chromium;

    private final List<String> errors = new ArrayList<>();
    private BrowserContext browser;

    @DynamicPropertySource
    static void broker(DynamicPropertyRegistry properties) {
        properties.add("spring.kafka.bootstrap-servers", KafkaBroker::bootstrapServers);
        properties.add("chatql.auth.mode", () -> "none");
        properties.add("server.address", () -> "127.0.0.1");
    }

    @BeforeAll
    static void startChromium() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stopChromium() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void openBrowser() {
        browser = chromium.context("localhost:" + port, errors::add);
    }

    @AfterEach
    void closeBrowser() {
        browser.close();
    }

    @Test
    void graphiqlOpensWithTutorialOperations() {
        var pane = firstPane(open("/graphiql/"));

        assertThat(pane.tabs())
                .containsExactly(
                        "CreateAlice",
                        "CreateBob",
                        "MessagesToBob",
                        "AliceToBob",
                        "MessagesOfAlice",
                        "UserId",
                        "Hello");
        pane.choose("Hello").run();
        assertThat(pane.answer("hello")).contains("\"data\"");
        assertThat(errors).isEmpty();
    }

    @Test
    void messageSentInOneBrowserTabArrivesInAnother() {
        var subscribing = firstPane(open("/graphiql"));
        var aliceId = create(subscribing, "CreateAlice", "Alice", alice);
        var bobId = create(subscribing, "CreateBob", "Bob", bob);
        subscribing.choose("MessagesToBob").replace("\"2\"", quoted(bobId)).run();

        var sending = firstPane(open("/graphiql"));

        arrives(subscribing, sending, aliceId, bobId);
    }

    @Test
    void messageSentInSecondPaneArrivesInFirst() {
        var page = open("/graphiql");
        var subscribing = firstPane(page);
        var aliceId = create(subscribing, "CreateAlice", "Alice", alice);
        var bobId = create(subscribing, "CreateBob", "Bob", bob);
        subscribing.choose("MessagesToBob").replace("\"2\"", quoted(bobId)).run();

        page.click("#second-pane");

        arrives(subscribing, new GraphiqlPane(page, 1), aliceId, bobId);
    }

    /** Sends until one arrives, because nothing tells the page when its subscription is live. */
    private void arrives(GraphiqlPane subscribing, GraphiqlPane sending, String aliceId, String bobId) {
        sending.choose("AliceToBob").replace("\"1\"", quoted(aliceId)).replace("\"2\"", quoted(bobId));
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            sending.run();
            assertThat(sending.answer("success")).contains("\"success\": true");
            return subscribing.shows("Hello Bob");
        });
        assertThat(subscribing.answer("Hello Bob"))
                .contains("\"senderId\": " + quoted(aliceId))
                .contains("\"recipientId\": " + quoted(bobId))
                .contains("\"cursor\"");
        assertThat(errors).isEmpty();
    }

    private static String create(GraphiqlPane pane, String tab, String tutorialName, String name) {
        pane.choose(tab).replace(quoted(tutorialName), quoted(name)).run();
        return pane.answer(quoted(name)).replaceAll("(?s).*\"userId\": \"([^\"]+)\".*", "$1");
    }

    private Page open(String path) {
        var page = browser.newPage();
        page.navigate("http://localhost:" + port + path);
        return page;
    }

    private static GraphiqlPane firstPane(Page page) {
        return new GraphiqlPane(page, 0);
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    /** The broker is shared, and so are usernames. */
    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }
}
