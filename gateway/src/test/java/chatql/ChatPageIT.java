package chatql;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chat page, in a real browser. */
@ExtendWith(KafkaBroker.class)
class ChatPageIT {
    private static final Path PICTURES = Path.of("target", "pictures");

    private static final String ANSWER_TO_A_MESSAGE = "message.payload?.data?.createMessage";

    private static World world;
    private static Chat pod;
    private static String origin;
    private static Chromium chromium;

    private final String alice = unique("Alice");
    private final String bob = unique("Bob");
    private Visitors visitors;

    @BeforeAll
    static void begin() {
        chromium = Chromium.start();
        world = new World();
        pod = world.pod().chat();
        origin = "localhost:" + pod.uri().getPort();
    }

    @AfterAll
    static void end() {
        if (chromium != null) {
            chromium.close();
            world.close();
        }
    }

    @BeforeEach
    void openVisitors() {
        visitors = new Visitors(chromium, origin);
    }

    @AfterEach
    void closeVisitors() {
        visitors.close();
    }

    @Test
    void failedMessageShowsErrorAndIsStoredOnceAfterRetry() {
        // The gateway stores it each time, and the page is told that it did not.
        var anna = openHearing(4, ANSWER_TO_A_MESSAGE, """
                { type: "next", payload: { data: { createMessage: {
                  success: false, errors: ["The message could not be stored"] } } } }""");
        anna.enter(alice);
        var ben = visitors.open().enter(bob);
        anna.find(bob).say("only once");

        assertThat(anna.failed()).containsText("The message could not be stored");
        Axe.assertThatNothingIsSerious(anna.page());
        assertThat(anna.page().evaluate("lies")).isEqualTo(0);
        anna.button("Try again").click();

        anna.shows("only once");
        ben.choose(alice).shows("only once");
        assertThat(anna.failed()).hasCount(0);
    }

    @Test
    void rateLimitedUserIsSlowedDownAndLosesNoMessage() {
        var anna = openHearing(2, ANSWER_TO_A_MESSAGE, """
                { type: "next", payload: { errors: [
                  { message: "Too many", extensions: { code: "RATE_LIMITED", retryAfter: 200 } }] } }""");
        anna.enter(alice);
        created(bob);
        anna.find(bob);

        anna.say("one");
        anna.say("two");
        anna.say("three");

        anna.shows("one", "two", "three");
        assertThat(anna.page().evaluate("lies")).isEqualTo(0);
    }

    @Test
    void messagesWrittenOfflineAreSentAfterReconnectOrReload() throws Exception {
        try (var balancer = new Balancer(pod)) {
            var anna = visitors.openAt(balancer).enter(alice);
            var ben = visitors.open().enter(bob);
            anna.find(bob).say("before");
            ben.choose(alice).shows("before");

            balancer.cut();
            anna.say("meanwhile");
            anna.say("and then");
            ben.say("are you there?");
            assertThat(anna.banner()).containsText("No connection");
            assertThat(anna.pending()).hasCount(2);
            Axe.assertThatNothingIsSerious(anna.page());
            balancer.mend();
            anna.reload();

            anna.shows(4);
            ben.shows("before", "are you there?", "meanwhile", "and then");
            assertThat(anna.pending()).hasCount(0);
            assertThat(anna.banner()).hasText("");
        }
    }

    @Test
    void messagesMissedInLongOutageAppearOnceAndInOrder() throws Exception {
        String writer = created(bob);
        try (var balancer = new Balancer(pod)) {
            var anna = visitors.openAt(balancer).enter(alice);
            String me = anna.id();
            pod.send(writer, me, "message 1");
            anna.choose(bob).shows("message 1");

            balancer.cut();
            IntStream.rangeClosed(2, 130).forEach(i -> pod.send(writer, me, "message " + i));
            balancer.mend();

            assertThat(anna.messages().last()).hasText("message 130");
            pod.send(writer, me, "message 131");
            assertThat(anna.messages().last()).hasText("message 131");
            while (!anna.texts().getFirst().equals("message 1")) {
                int before = anna.texts().size();
                anna.scroller().evaluate("scroller => scroller.scrollTop = 0");
                anna.page().waitForCondition(() -> anna.texts().size() > before);
            }
            assertThat(anna.texts()).isEqualTo(numbered(131));
        }
    }

    @Test
    void liveMessageAheadOfHistoryIsShown() {
        var anna = openHearing(1, "message.payload?.data?.messages?.messages?.length", """
                { type: "next", payload: { data: { messages: {
                  messages: [], pageInfo: { startCursor: null, hasPreviousPage: false }, success: true } } } }""");
        anna.enter(alice);
        pod.send(created(bob), anna.id(), "just now");

        // Shown when it is delivered, and still when history has responded.
        anna.choose(bob).shows("just now");
        anna.page().waitForFunction("() => lies === 0");
        anna.shows("just now");
    }

    private static List<String> numbered(int most) {
        return IntStream.rangeClosed(1, most).mapToObj(i -> "message " + i).toList();
    }

    @Test
    void scrollingUpLoadsThousandMessagesOnceWithoutJumping() {
        String reader = created(alice);
        String writer = created(bob);
        try (var topic = new Topic(world, Map.of())) {
            IntStream.rangeClosed(1, 1000).forEach(i -> topic.send(writer, reader, "message " + i));
        }
        var tab = visitors.open().enter(alice).choose(bob);

        tab.shows(50);
        assertThat(tab.messages().last()).hasText("message 1000");
        for (int pages = 2; pages <= 20; pages++) {
            assertThat(scrollUpAndSeeHowFarItJumps(tab)).as("page %d", pages).isCloseTo(0, within(2.0));
        }

        assertThat(tab.texts())
                .isEqualTo(IntStream.rangeClosed(1, 1000)
                        .mapToObj(i -> "message " + i)
                        .toList());
        assertThat(tab.page().getByText("The beginning of your conversation")).isVisible();
    }

    /** In pixels: how far the topmost message moves when others are added above it. */
    private static double scrollUpAndSeeHowFarItJumps(ChatTab tab) {
        int before = tab.texts().size();
        var topmost = tab.messages().first().elementHandle();
        tab.scroller().evaluate("scroller => scroller.scrollTop = 300");
        double was = topmost.boundingBox().y;
        tab.shows(before + 50);
        return topmost.boundingBox().y - was;
    }

    @Test
    void dayHeadingIsShownAtStartOfDay() {
        String writer = created(bob);
        String reader = created(alice);
        pod.send(writer, reader, "sent today");
        var tab = visitors.open();
        tab.page().clock().setFixedTime(Date.from(Instant.now().plus(Duration.ofDays(1))));
        tab.enter(alice).choose(bob).shows("sent today");

        assertThat(tab.page().locator("chat-messages .day")).hasText("Yesterday");
    }

    @Test
    void messageTextIsNeverInterpretedAsMarkup() {
        var attacks = List.of(
                "<script>attack()</script>",
                "<img src=x onerror=attack()>",
                "<svg onload=attack()>",
                "javascript:attack()",
                "[here](javascript:attack())",
                "\"><iframe srcdoc=\"<script>parent.attack()</script>\"></iframe>",
                "${attack()} {{attack()}} <!-- ?lit$1$ -->");
        String attacker = created("<img src=x onerror=attack()>");
        String victim = created(alice);
        attacks.forEach(attack -> pod.send(attacker, victim, attack));
        pod.send("<b>nobody</b>", victim, "from an id that is markup");

        var tab = visitors.open();
        tab.page().exposeFunction("attack", arguments -> {
            visitors.complain("a text was run");
            return null;
        });
        tab.enter(alice).choose("<img src=x onerror=attack()>");

        tab.shows(attacks.toArray(String[]::new));
        tab.choose("<b>nobody</b>").shows("from an id that is markup");
        assertThat(tab.page().locator("chat-messages a, chat-messages img, chat-messages b, chat-messages iframe"))
                .hasCount(0);
    }

    @Test
    void unreadCountIsSharedByTabsAndSurvivesReload() {
        var anna = visitors.open().enter(alice);
        String writer = created(bob);
        pod.send(writer, anna.id(), "one");
        pod.send(writer, anna.id(), "two");
        assertThat(anna.unread(bob)).containsText("2");
        assertThat(anna.page()).hasTitle("(2) Chatql");

        anna.reload();
        assertThat(anna.unread(bob)).containsText("2");
        pod.send(writer, anna.id(), "three");
        assertThat(anna.unread(bob)).containsText("3");
        var sameBrowser = anna.another().enter(alice);
        assertThat(sameBrowser.unread(bob)).containsText("3");

        sameBrowser.choose(bob).shows("one", "two", "three");
        assertThat(sameBrowser.unread(bob)).hasCount(0);
        assertThat(anna.unread(bob)).hasCount(0);
        anna.choose(bob).shows("one", "two", "three");
        sameBrowser.say("from the other tab");
        sameBrowser.shows("one", "two", "three", "from the other tab");
        anna.page().bringToFront();
        anna.page().evaluate("dispatchEvent(new Event('focus'))");
        anna.shows("one", "two", "three", "from the other tab");
    }

    @Test
    void invalidCursorFallsBackToHistoryWithoutDuplicates() {
        var anna = visitors.open().enter(alice);
        String writer = created(bob);
        pod.send(writer, anna.id(), "before");
        anna.choose(bob).shows("before");

        anna.page().evaluate("""
                () => addEventListener("pagehide", () => {
                  const key = Object.keys(localStorage).find((name) => name.endsWith("/inbox"));
                  localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), cursor: "of another log" }));
                })""");
        anna.reload();

        anna.shows("before");
        assertThat(anna.banner()).containsText("begun anew");
        pod.send(writer, anna.id(), "after");
        anna.shows("before", "after");
    }

    @Test
    void expiredCursorShowsNoticeAndHistoryHasTheRest() {
        var anna = openHearing(1, "message.payload?.data?.messages?.id", """
                { type: "error", payload: [{ message: "Gone", extensions: { code: "CURSOR_EXPIRED" } }] }""");
        anna.enter(alice);
        String writer = created(bob);
        pod.send(writer, anna.id(), "not delivered, but in history");

        assertThat(anna.banner()).containsText("Some messages are no longer kept");
        anna.choose(bob).shows("not delivered, but in history");
        pod.send(writer, anna.id(), "delivered");
        anna.shows("not delivered, but in history", "delivered");
    }

    @Test
    void pageWorksByKeyboardAndAnnouncesMessagesToScreenReader() {
        created(bob);
        var anna = visitors.open();
        anna.page().getByLabel("Your name").waitFor();
        var keys = anna.page().keyboard();
        keys.type(alice);
        keys.press("Enter");
        anna.page().getByLabel("Find people").waitFor();
        keys.press("Tab");
        keys.press("Tab");
        keys.type(bob);
        anna.person(bob).waitFor();
        keys.press("ArrowDown");
        keys.press("Enter");
        assertThat(anna.composer()).isFocused();
        keys.type("by hand");
        keys.press("Shift+Enter");
        keys.type("on two lines");
        keys.press("Enter");

        anna.shows("by hand on two lines");
        var ben = visitors.open().enter(bob).choose(alice);
        ben.say("I hear you");
        assertThat(anna.announced()).hasText(bob + ": I hear you");
    }

    @Test
    void pageHasNoSeriousAccessibilityViolation() {
        String writer = created(bob);
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            var options = new NewContextOptions().setColorScheme(scheme).setReducedMotion(ReducedMotion.REDUCE);
            var tab = visitors.open(options);
            tab.page().getByLabel("Your name").waitFor();
            Axe.assertThatNothingIsSerious(tab.page());
            tab.enter(alice);
            pod.send(writer, tab.id(), "Hello");
            tab.unread(bob).waitFor();
            Axe.assertThatNothingIsSerious(tab.page());
            tab.choose(bob).say("Hello, too");
            tab.page().locator("chat-messages .mine:not(.pending)").first().waitFor();
            Axe.assertThatNothingIsSerious(tab.page());
            tab.page().setViewportSize(390, 844);
            Axe.assertThatNothingIsSerious(tab.page());
        }
    }

    @Test
    void fileRevalidationDependsOnContentAndNotOnDate() throws Exception {
        String tag = file("Accept", "*/*").headers().firstValue("ETag").orElseThrow();

        assertThat(file("If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(file("If-None-Match", "W/\"another\"").statusCode()).isEqualTo(200);
        assertThat(file("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gzip                 | true
            br, GZIP;q=0.5       | true
            deflate,gzip         | true
            gzip;q=0             | false
            br;q=1, gzip; q=0.00 | false
            x-gzip               | false
            identity             | false
            """)
    void fileIsCompressedWhenGzipIsAcceptedAndKeepsItsETag(String taken, boolean compressed) throws Exception {
        HttpHeaders headers = file("Accept-Encoding", taken).headers();

        assertThat(headers.firstValue("Content-Encoding").isPresent()).isEqualTo(compressed);
        assertThat(headers.allValues("Vary")).contains("Accept-Encoding");
        assertThat(headers.firstValue("ETag"))
                .isEqualTo(file("Accept", "*/*").headers().firstValue("ETag"));
    }

    @Test
    void requestForSeveralRangesIsAnsweredWithWholeFile() throws Exception {
        HttpResponse<String> whole = file("Accept", "*/*");

        HttpResponse<String> several = file("Range", "bytes=0-9,20-29");
        HttpResponse<String> one = file("Range", "bytes=0-9");

        assertThat(several.statusCode()).isEqualTo(200);
        assertThat(several.body()).isEqualTo(whole.body());
        assertThat(one.statusCode()).isEqualTo(206);
        assertThat(one.body()).isEqualTo(whole.body().substring(0, 10));
    }

    private static HttpResponse<String> file(String header, String value) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(pod.uri().resolve("/chat/main.js")).timeout(Duration.ofSeconds(20));
            return http.send(request.header(header, value).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /**
     * Compares the page with one that has a line of text instead of its modules, so that the machine's load cancels
     * out.
     */
    @Test
    void pageIsSmallAndLoadsFast() {
        double quickest = Double.MAX_VALUE;
        double quickestOfPlain = Double.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            try (var browser = chromium.context(origin, visitors::complain)) {
                var text = new FulfillOptions()
                        .setContentType("text/javascript")
                        .setBody("document.body.append('Chatql')");
                browser.route("**/chat/main.js", route -> route.fulfill(text));
                var plain = browser.newPage();
                plain.navigate("http://" + origin + "/");
                quickestOfPlain = Math.min(quickestOfPlain, firstView(plain));
            }
            var page = visitors.open().page();
            quickest = Math.min(quickest, firstView(page));
            var bytes = ((Number) page.evaluate(
                            "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                                    + ".reduce((sum, { transferSize }) => sum + transferSize, 0)"))
                    .intValue();
            assertThat(bytes).isBetween(10_000, 100_000);
            System.out.printf(
                    "The chat page: %d bytes with all headers, first view after %.0f ms, %.0f of a line of text%n",
                    bytes, quickest, quickestOfPlain);
        }
        assertThat(quickest / quickestOfPlain).isBetween(1.0, 6.0);
    }

    /** @return ms since the navigation, measured when the picture is there, which may be after its content is */
    private static double firstView(Page page) {
        page.waitForFunction("() => performance.getEntriesByName('first-contentful-paint').length > 0");
        return ((Number) page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                .doubleValue();
    }

    @Test
    void graphiqlLinkOpensSameOperationsReadyToRun() {
        String writer = created(bob);
        var anna = visitors.open().enter(alice);
        pod.send(writer, anna.id(), "seen there, too");
        anna.choose(bob).shows("seen there, too");

        Page graphiql = anna.page()
                .waitForPopup(
                        () -> anna.page().getByText("Try the API in GraphiQL").click());
        var pane = new GraphiqlPane(graphiql, 0);

        assertThat(pane.tabs()).containsExactly("Messages", "Listen", "CreateMessage", "Users", "UserId", "CreateUser");
        pane.choose("Messages").run();
        assertThat(pane.answer("seen there, too")).contains("\"success\": true");
    }

    /** Takes pictures into {@code target/pictures}; README.md has the first one. */
    @Test
    void screenshotsForDocumentsAreTaken() {
        var ada = visitors.open(new NewContextOptions().setViewportSize(1120, 700))
                .enter("Ada");
        picture(ada, "sign-in-again");
        String me = ada.id();
        String grace = created("Grace");
        pod.send(created("Katherine"), me, "The numbers are right. I checked them twice.");
        pod.send(created("Hedy"), me, "Hop to another frequency, and nobody can listen in.");
        pod.send(created("Alan"), me, "Can a machine tell a joke?");
        pod.send(grace, me, "Did the engine arrive?");
        ada.choose("Grace").shows("Did the engine arrive?");
        ada.say("It did! All of it, in forty crates.");
        ada.say(
                "The manual is missing, of course. I am writing one: it will have notes, and the notes will be longer than the manual.");
        ada.shows(3);
        pod.send(grace, me, "I found a moth in mine.");
        pod.send(grace, me, "Taped it into the logbook. First actual case of a bug being found.");
        ada.shows(5);
        ada.say("Then that is one fewer.");
        ada.shows(6);

        picture(ada, "desktop");
        ada.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        picture(ada, "dark");
        var phone = visitors.open(new NewContextOptions()
                        .setViewportSize(390, 844)
                        .setDeviceScaleFactor(2)
                        .setHasTouch(true))
                .enter("Ada");
        picture(phone, "phone-list");
        phone.choose("Grace").shows(6);
        picture(phone, "phone");
        assertThat(PICTURES.toFile().list()).contains("desktop.png", "dark.png", "phone.png");
    }

    private static void picture(ChatTab tab, String name) {
        tab.page().screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    private static String created(String name) {
        return pod.createUser(name).get("user").get("userId").stringValue();
    }

    /** Replaces fields of the first {@code times} messages of this form from the gateway, by an expression. */
    private ChatTab openHearing(int times, String form, String instead) {
        return visitors.openWith("""
                globalThis.lies = %d;
                globalThis.WebSocket = class extends WebSocket {
                  set onmessage(listener) {
                    super.onmessage = ({ data }) => {
                      const message = JSON.parse(data);
                      const lie = %s && lies > 0;
                      lies -= lie ? 1 : 0;
                      listener({ data: JSON.stringify(lie ? { id: message.id, ...%s } : message) });
                    };
                  }
                };""".formatted(times, form, instead));
    }

    /** The pod is shared, and so are usernames. */
    private static String unique(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
