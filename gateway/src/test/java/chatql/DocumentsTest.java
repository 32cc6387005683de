package chatql;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every test, package and class that a document names exists, every link leads to a heading, and no document has retired words. */
class DocumentsTest {
    private static final Path TOP = Path.of("..");
    private static final Path SOURCES = Path.of("src/main/java/chatql");
    private static final Path ARCHITECTURE = TOP.resolve("docs/architecture.md");
    private static final Pattern CLASS = Pattern.compile("`((?:[a-z]+\\.)*[A-Z]\\w*)`");
    private static final Pattern WITNESS = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:#(\\w+))?`");
    /** Within the repository: the file and the heading. */
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]*)(?:#([^)\\s]+))?\\)");

    /** Commands, names, quoted log lines and links' targets, none of which is a document's own prose. */
    private static final Pattern QUOTED = Pattern.compile("(?ms)^```.*?^```|`[^`]*`|\\]\\([^)]*\\)");

    /** A comment or a string literal. */
    private static final Pattern TEXT_IN_JAVA =
            Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*|\"(?:[^\"\\\\\\n]|\\\\.)*\"");

    /** What a text in Java has besides prose: names, and the beginnings of a comment's lines. */
    private static final Pattern MARKUP = Pattern.compile("\\{@(?:code|link)[^}]*}|(?m)^\\s*(?:/?\\*+/?|//+)");

    private static final String VERB =
            "(?:is|are|was|were|has|have|had|can|could|would|will|must|may|does|do|did|needs?)";
    /** Of a clause that follows "for", so that it means "because", and not a thing with a clause of its own. */
    private static final String SUBJECT =
            "(?:(?!(?:that|which|who|whose|while|as|if|when|where|it|they|there|he|she|we|you) )" + "[\\w'-]+ ){1,5}?";

    /** What the house style retires, and the field's term for it. */
    private static final Map<Pattern, String> RETIRED = Map.ofEntries(
            retired("(?:whoever|whomever|nobody|somebody|everybody|anybody)", "the client, the pod, no subscriber"),
            retired("st(?:ands?|ood|anding)(?! for\\b)", "is stored, is"),
            retired("said", "sent, logged"),
            retired("hear(?:s|d|ing)?", "received, delivered"),
            retired("let(?:s|ting)?(?: \\w+)? in", "accepted"),
            retired("throw(?:s|n|ing)?(?: \\w+)? out", "disconnected"),
            retired("(?:give|gives|given|gave|giving)(?: \\w+)? up", "trade-off"),
            retired("look(?:s|ed|ing)?(?: at)? again", "revisit"),
            retired("li(?:fe|ves) of the (?:topic|log)|(?:topic|log)'s li(?:fe|ves)", "epoch"),
            retired("brokers? inside", "the embedded broker"),
            retired("parts? of history", "a partition"),
            retired("(?:write|writes|written|writing)(?: \\w+)? again", "rerouted"),
            retired("set(?:s|ting)? aside", "sent to the dead-letter topic"),
            retired("once more", "again"),
            retired("cut(?:s|ting)?(?: \\w+)? off", "disconnected"),
            retired("com(?:e|es|ing) to the point", "send a request"),
            retired("moments later", "shortly after"),
            retired("(?:gateway|pods?)(?: that)? (?:is leaving|leaves?)(?! the group)", "shuts down"),
            retired("needed:", "requirements"),
            retired("for(?<=[,;] for) (?:it|they|there|he|she|we|you|otherwise)", "because"),
            retired("for(?<=, for) " + SUBJECT + VERB, "because"));

    private static Map.Entry<Pattern, String> retired(String use, String term) {
        return entry(Pattern.compile("\\b(?:" + use + ")\\b", Pattern.CASE_INSENSITIVE), term);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROTOCOL.md", "SECURITY.md", "docs/topic.md"})
    void everyTestNamedInDocumentExists(String document) throws IOException {
        Map<String, String> tests = tests();

        List<MatchResult> witnesses = WITNESS.matcher(Files.readString(TOP.resolve(document)))
                .results()
                .toList();

        assertThat(witnesses).hasSizeGreaterThan(10).allSatisfy(witness -> {
            assertThat(tests).containsKey(witness.group(1));
            if (witness.group(2) != null) {
                assertThat(tests.get(witness.group(1))).contains(" " + witness.group(2) + "(");
            }
        });
    }

    @Test
    void architectureNamesEveryPackage() throws IOException {
        String architecture = Files.readString(ARCHITECTURE);

        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(files.filter(file -> file.endsWith("package-info.java"))
                            .map(file -> SOURCES.relativize(file.getParent())
                                    .toString()
                                    .replace(File.separatorChar, '.'))
                            .filter(name -> !name.isEmpty()))
                    .hasSizeGreaterThan(30)
                    .allSatisfy(name -> assertThat(architecture).contains('`' + name + '`'));
        }
    }

    @Test
    void architectureNamesClassesThatExist() throws IOException {
        List<String> walks = List.of(Files.readString(ARCHITECTURE).split("\n## A "));

        assertThat(walks).hasSize(4);
        assertThat(walks.subList(1, 4))
                .allSatisfy(walk -> assertThat(CLASS.matcher(walk).results().map(named -> named.group(1)))
                        .hasSizeBetween(5, 10)
                        .allSatisfy(name -> assertThat(SOURCES.resolve(name.replace('.', '/') + ".java"))
                                .exists()));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void documentUsesNoRetiredWord(Path document) throws IOException {
        assertThat(retired(Files.readString(document))).as(document.toString()).isEmpty();
    }

    @Test
    void sourceUsesNoRetiredWord() throws IOException {
        try (Stream<Path> gateway = Files.walk(SOURCES);
                Stream<Path> broker = Files.walk(TOP.resolve("embedded-kafka/src/main/java"))) {
            List<Path> sources = Stream.concat(gateway, broker)
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();

            assertThat(sources).hasSizeGreaterThan(300);
            assertThat(sources.stream()
                            .flatMap(file -> retired(proseInJava(text(file))).stream()
                                    .map(use -> file.getFileName() + ": " + use)))
                    .isEmpty();
        }
    }

    @Test
    void retiredWordInJavaIsFoundInCommentsAndStrings() {
        String source = """
                /** A page is
                 * heard {@link said} later. */
                int said = 1; // nobody
                String text = "Nothing \\"said\\"";
                """;

        assertThat(retired(proseInJava(source))).hasSize(3);
    }

    private static String proseInJava(String source) {
        return TEXT_IN_JAVA
                .matcher(source)
                .results()
                .map(text -> MARKUP.matcher(text.group()).replaceAll(" "))
                .collect(Collectors.joining(" ; "));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linkLeadsToHeading(Path document) throws IOException {
        List<MatchResult> links =
                LINK.matcher(Files.readString(document)).results().toList();

        assertThat(links).allSatisfy(link -> {
            Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
            assertThat(target).exists();
            if (link.group(2) != null) {
                assertThat(anchors(target)).as(link.group()).contains(link.group(2));
            }
        });
    }

    /** The anchors that GitHub derives from headings. */
    private static List<String> anchors(Path document) {
        return text(document)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(heading -> heading.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "What the pod acknowledged, whoever asks.",
                "Nobody's timeline is an empty list and a success.",
                "A user's messages stand in one partition.",
                "What was aborted was never said.",
                "It is heard a few\nmilliseconds later.",
                "A default lets nobody in.",
                "The others are thrown out.",
                "Given up: the moment at which the sender pressed the key.",
                "Look again when chat has attachments.",
                "It is another life of the topic.",
                "The broker inside needs no more.",
                "A part of history moves.",
                "Why is a misplaced record written again?",
                "It is read once more.",
                "The client is cut off.",
                "`complete` means that the gateway is leaving.",
                "All have the same flags, for the load of a run has one address.",
                "It dies without a word, for otherwise it would fail.",
                "Names are one, for they look alike.",
            })
    void retiredWordIsFound(String sentence) {
        assertThat(retired(sentence)).hasSizeBetween(1, 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A WARN line begins `What nobody said stands in …`.",
                "```\nwhoever heard it\n```\n",
                "GraphQL stands for a query language, and a standby is a copy.",
                "A cursor is valid, for as long as the log keeps it, on every pod.",
                "It is detected within 5 minutes; for new connections while the issuer doesn't answer, within an hour.",
                "The query waits, for the whole bound, for a cursor that isn't the user's.",
                "The contract is here; for machines it is at an address, and for a retry there is an id.",
                "Reasons are, for a record that was rerouted, the key and the partition.",
                "A pod that is stopped leaves the group.",
                "[Alerts](docs/operations.md#somebody-said) have a rule.",
            })
    void honestUseIsNoRetiredWord(String sentence) {
        assertThat(retired(sentence)).isEmpty();
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(TOP);
                Stream<Path> docs = Files.list(TOP.resolve("docs"))) {
            return Stream.concat(Stream.concat(top, docs), Stream.of(TOP.resolve("bench/README.md")))
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** Each use with the words around it, and the term to use instead. */
    private static List<String> retired(String document) {
        String prose = QUOTED.matcher(document).replaceAll("`").replaceAll("\\s+", " ");
        return RETIRED.entrySet().stream()
                .flatMap(use -> use.getKey()
                        .matcher(prose)
                        .results()
                        .map(found -> around(prose, found) + " -> " + use.getValue()))
                .toList();
    }

    private static String around(String prose, MatchResult found) {
        return prose.substring(Math.max(0, found.start() - 40), Math.min(prose.length(), found.end() + 20));
    }

    /** By name, what is in each. */
    private static Map<String, String> tests() throws IOException {
        try (Stream<Path> gateway = Files.walk(TOP.resolve("gateway/src/test/java"));
                Stream<Path> k8s = Files.walk(TOP.resolve("k8s/src/test/java"))) {
            return Stream.concat(gateway, k8s)
                    .filter(file -> file.toString().endsWith("Test.java")
                            || file.toString().endsWith("IT.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            DocumentsTest::text,
                            String::concat));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
