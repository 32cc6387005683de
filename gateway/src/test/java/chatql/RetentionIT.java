package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The broker removes the beginning of the log, as after the retention time: two of four messages are deleted. */
@ExtendWith(KafkaBroker.class)
class RetentionIT {
    private static World world;
    private static Pod pod;
    private static List<JsonNode> sent;

    @BeforeAll
    static void deleteOldestRecords() throws Exception {
        world = new World();
        pod = world.pod();
        sent = List.of("1", "2", "3", "4").stream()
                .map(content -> pod.chat().send("speaker", "kept", content))
                .toList();
        assertThat(history(pod)).containsExactly("1", "2", "3", "4");
        String[] place = sent.get(2).get("id").stringValue().split("-");
        pod.bean(Admin.class)
                .deleteRecords(Map.of(
                        new TopicPartition(world.topic("messages"), Integer.parseInt(place[0])),
                        RecordsToDelete.beforeOffset(Long.parseLong(place[1]))))
                .all()
                .get();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void resumeFromExpiredCursorFails() {
        try (Following behind = pod.chat().follow("kept", cursor(0))) {
            assertThat(behind.awaitEnd().toString()).contains("CURSOR_EXPIRED");
            assertThat(behind.contents()).isEmpty();
        }
    }

    @Test
    void cursorOfNewestDeletedMessageStillResumes() {
        try (Following there = pod.chat().follow("kept", cursor(1)).await(2)) {
            assertThat(there.contents()).containsExactly("3", "4");
        }
    }

    @Test
    void earliestStartsAtOldestKeptMessage() {
        try (Following earliest = pod.chat().follow("kept", "earliest").await(2)) {
            assertThat(earliest.contents()).containsExactly("3", "4");
        }
    }

    @Test
    void historyKeepsDeletedMessagesUntilItsStoresAreRebuilt() {
        assertThat(history(pod)).containsExactly("1", "2", "3", "4");

        Pod anew = world.pod("anew", "chatql.history.application-id=anew-" + world.topic("messages"));

        await().until(() -> history(anew).equals(List.of("3", "4")));
    }

    private static String cursor(int message) {
        return sent.get(message).get("cursor").stringValue();
    }

    private static List<String> history(Pod pod) {
        return pod.chat().messages("kept").get("messages").findValuesAsString("content");
    }
}
