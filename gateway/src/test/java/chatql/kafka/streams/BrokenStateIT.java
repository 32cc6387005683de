package chatql.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.Chat;
import chatql.KafkaBroker;
import chatql.Pod;
import chatql.Topic;
import chatql.World;
import chatql.kafka.rocksdb.TaskStateFiles;
import chatql.kafka.store.StoreLayout;
import chatql.user.UserId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

@ExtendWith({KafkaBroker.class, OutputCaptureExtension.class})
class BrokenStateIT {
    private static final int MESSAGES = 400;
    private static final String USER = "reader";
    private static final String STATE = "broken";

    enum Damage {
        GARBAGE_IN_TABLES {
            @Override
            void to(Path task) throws IOException {
                for (Path table : tables(timeline(task))) {
                    overwrite(table, 0, 1);
                }
            }
        },
        /** The block has the checkpoints, so that the stream thread meets it. */
        GARBAGE_IN_THE_FIRST_BLOCK {
            @Override
            void to(Path task) throws IOException {
                overwrite(largest(tables(timeline(task))), 0, 0.005);
            }
        },
        /** Only a read meets it. */
        A_BLOCK_OF_GARBAGE_IN_A_TABLE {
            @Override
            void to(Path task) throws IOException {
                overwrite(largest(tables(timeline(task))), 0.5, 0.52);
            }
        },
        TRUNCATED_TABLE {
            @Override
            void to(Path task) throws IOException {
                Path table = largest(tables(timeline(task)));
                try (var file = new RandomAccessFile(table.toFile(), "rw")) {
                    file.setLength(file.length() / 2);
                }
            }
        },
        GARBAGE_IN_MANIFEST {
            @Override
            void to(Path task) throws IOException {
                overwrite(files(timeline(task), "MANIFEST").getFirst(), 0, 1);
            }
        },
        GARBAGE_IN_CURRENT {
            @Override
            void to(Path task) throws IOException {
                overwrite(timeline(task).resolve("CURRENT"), 0, 1);
            }
        },
        NO_CURRENT {
            @Override
            void to(Path task) throws IOException {
                Files.delete(timeline(task).resolve("CURRENT"));
            }
        },
        EMPTIED_STORE {
            @Override
            void to(Path task) throws IOException {
                empty(timeline(task));
            }
        },
        EMPTIED_STORE_WITH_A_CHECKPOINT {
            @Override
            void to(Path task) throws IOException {
                FileSystemUtils.deleteRecursively(timeline(task));
                String application = task.getParent().getFileName().toString();
                Files.writeString(
                        task.resolve(".checkpoint"),
                        "0\n1\n%s-timeline-changelog %s %d\n"
                                .formatted(application, task.toString().split("_")[1], MESSAGES));
            }
        },
        EMPTIED_SEGMENT {
            @Override
            void to(Path task) throws IOException {
                empty(TaskStateFiles.directories(task.resolve(StoreLayout.FIRSTS))
                        .getFirst());
            }
        },
        GARBAGE_IN_CHECKPOINT {
            @Override
            void to(Path task) throws IOException {
                Files.writeString(task.resolve(".checkpoint"), "garbage");
            }
        };

        abstract void to(Path task) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void brokenStateIsQuarantinedAndRebuiltFromLogWithWarning(Damage damage, CapturedOutput log) throws Exception {
        try (var world = new World()) {
            Pod first = world.pod(STATE);
            List<String> sent = append(world, first.chat());
            first.close();
            Path task = task(world.data(STATE));
            damage.to(task);

            Pod restarted = world.pod(STATE);
            long started = System.nanoTime();
            await().atMost(Duration.ofSeconds(60)).until(() -> isComplete(restarted.chat(), sent));

            System.out.printf(
                    "%s: all there %d ms after the pod was ready, %d entries restored%n",
                    damage,
                    (System.nanoTime() - started) / 1_000_000,
                    restarted.bean(RestoreCounter.class).entries());
            assertThat(log).contains("The state of task " + task.getFileName() + " is corrupt");
            assertThat(TaskStateFiles.directories(world.data(STATE).resolve("streams-broken")))
                    .singleElement()
                    .asString()
                    .endsWith("-" + task.getFileName());
        }
    }

    private static List<String> append(World world, Chat chat) {
        List<String> contents =
                IntStream.range(0, MESSAGES).mapToObj(i -> i + "x".repeat(200)).toList();
        try (var topic = new Topic(world, Map.of())) {
            contents.forEach(content -> topic.sendAgain("writer", USER, content, content.substring(0, 20)));
            topic.producer().flush();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> history(chat).equals(contents));
        return contents;
    }

    private static Path task(Path data) throws IOException {
        int partition = World.KEY_PARTITIONER.of(new UserId(USER));
        try (Stream<Path> tasks =
                Files.find(data.resolve("streams"), 2, (path, attributes) -> path.endsWith("0_" + partition))) {
            return tasks.findFirst().orElseThrow();
        }
    }

    /**
     * Whether the answer is complete. An error may be retried; an incomplete answer without an error fails the test at
     * any time.
     */
    private static boolean isComplete(Chat chat, List<String> sent) {
        JsonNode answer = chat.messages(USER);
        if (answer.get("success").booleanValue()) {
            assertThat(contents(answer)).isEqualTo(sent);
            return true;
        }
        assertThat(answer.get("errors").get(0).stringValue()).contains("try again");
        return false;
    }

    private static List<String> history(Chat chat) {
        return contents(chat.messages(USER));
    }

    private static List<String> contents(JsonNode answer) {
        return answer.get("messages")
                .valueStream()
                .map(message -> message.get("content").stringValue())
                .toList();
    }

    private static Path timeline(Path task) {
        return task.resolve("rocksdb").resolve(StoreLayout.TIMELINE);
    }

    private static List<Path> tables(Path store) throws IOException {
        return files(store, ".sst");
    }

    private static List<Path> files(Path directory, String named) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().contains(named))
                    .toList();
        }
    }

    private static Path largest(List<Path> files) {
        return files.stream()
                .max((one, other) ->
                        Long.compare(one.toFile().length(), other.toFile().length()))
                .orElseThrow();
    }

    private static void empty(Path directory) throws IOException {
        FileSystemUtils.deleteRecursively(directory);
        Files.createDirectory(directory);
    }

    private static void overwrite(Path path, double from, double to) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            byte[] garbage = new byte[(int) ((to - from) * file.length())];
            new Random(1).nextBytes(garbage);
            file.seek((long) (from * file.length()));
            file.write(garbage);
        }
    }
}
