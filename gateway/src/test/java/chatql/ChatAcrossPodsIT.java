package chatql;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The chat page while its pod shuts down. */
@ExtendWith(KafkaBroker.class)
class ChatAcrossPodsIT {
    private static Chromium chromium;

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

    @Test
    void usersOnTwoPodsMissNoMessageWhenOnePodIsKilled() throws Exception {
        try (var world = new World();
                var killed = new PodProcess(world, "killed")) {
            Chat staying = world.pod().chat();
            try (var balancer = new Balancer(killed.chat(), staying);
                    var visitors =
                            new Visitors(chromium, "localhost:" + staying.uri().getPort())) {
                var anna = visitors.openAt(balancer).enter("Anna");
                var ben = visitors.open().enter("Ben");
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
                    assertThat(textsBy("a", tab)).containsExactly("a1", "a2", "a3", "a4", "a5");
                    assertThat(textsBy("b", tab)).containsExactly("b1", "b2", "b3", "b4", "b5");
                }
                assertThat(anna.banner()).hasText("");
            }
        }
    }

    private static List<String> textsBy(String sender, ChatTab tab) {
        return tab.texts().stream().filter(text -> text.startsWith(sender)).toList();
    }
}
