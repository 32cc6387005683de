package chatql;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The chat page while its pod goes, and while the network does. */
@ExtendWith(KafkaBroker.class)
class ChatAcrossPodsIT {
    private static Chromium chromium;

    @BeforeAll
    static void startChromium() {
        Chromium.assumeInstalled();
        chromium = Chromium.start();
    }

    @AfterAll
    static void stopChromium() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void twoPeopleOnTwoPodsMissNothingWhenOneOfThePodsIsKilled() throws Exception {
        try (var world = new World();
                var killed = new PodProcess(world, "killed")) {
            Chat staying = world.pod().chat();
            try (var balancer = new Balancer(killed.chat(), staying);
                    var first = browser();
                    var second = browser()) {
                var anna = ChatTab.open(first, balancer.origin()).enter("Anna");
                var ben = ChatTab.open(second, origin(staying)).enter("Ben");
                anna.find("Ben").say("a1");
                ben.choose("Anna").shows("a1");
                ben.say("b1");
                anna.shows("a1", "b1");

                killed.kill();
                for (int i = 2; i <= 5; i++) {
                    anna.say("a" + i);
                    ben.say("b" + i);
                }

                anna.shows(10);
                ben.shows(10);
                for (ChatTab tab : List.of(anna, ben)) {
                    assertThat(saidBy("a", tab)).containsExactly("a1", "a2", "a3", "a4", "a5");
                    assertThat(saidBy("b", tab)).containsExactly("b1", "b2", "b3", "b4", "b5");
                }
                assertThat(anna.banner()).hasText("");
            }
        }
    }

    private static List<String> saidBy(String who, ChatTab tab) {
        return tab.texts().stream().filter(text -> text.startsWith(who)).toList();
    }

    @Test
    void whatIsWrittenWhileTheNetworkIsAwayIsSentWhenItIsBackAlsoByAReload() throws Exception {
        try (var world = new World()) {
            Chat pod = world.pod().chat();
            try (var balancer = new Balancer(pod);
                    var first = browser();
                    var second = browser()) {
                var anna = ChatTab.open(first, balancer.origin()).enter("Anna");
                var ben = ChatTab.open(second, origin(pod)).enter("Ben");
                anna.find("Ben").say("before");
                ben.choose("Anna").shows("before");

                balancer.cut();
                anna.say("meanwhile");
                anna.say("and then");
                ben.say("are you there?");
                assertThat(anna.banner()).containsText("The connection is broken");
                assertThat(anna.pending()).hasCount(2);
                balancer.mend();
                anna.reload();

                anna.shows(4);
                ben.shows("before", "are you there?", "meanwhile", "and then");
                assertThat(anna.pending()).hasCount(0);
                assertThat(anna.banner()).hasText("");
            }
        }
    }

    /** The console complains of broken connections here, and rightly so. */
    private static BrowserContext browser() {
        return chromium.context("localhost:\\d+", complaint -> {});
    }

    private static String origin(Chat pod) {
        return "localhost:" + pod.uri().getPort();
    }
}
