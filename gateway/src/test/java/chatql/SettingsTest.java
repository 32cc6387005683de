package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the table of docs/settings.md with the metadata that the compiler generates from the settings records. */
class SettingsTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(chatql[^`]+)` \\| `([A-Z_]+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");

    private static final Map<String, Row> documented = new TreeMap<>();
    private static final Map<String, JsonNode> known = new TreeMap<>();

    private record Row(String variable, String byDefault, String allowed, String meaning) {}

    @BeforeAll
    static void read() throws IOException {
        ROW.matcher(Files.readString(Path.of("../docs/settings.md")))
                .results()
                .forEach(row ->
                        documented.put(row.group(1), new Row(row.group(2), row.group(3), row.group(4), row.group(5))));
        for (URL list : Collections.list(
                SettingsTest.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream text = list.openStream()) {
                JsonMapper.shared().readTree(text).get("properties").forEach(SettingsTest::know);
            }
        }
    }

    private static void know(JsonNode property) {
        String name = property.get("name").stringValue();
        if (name.startsWith("chatql")) {
            known.put(name, property);
        }
    }

    @Test
    void settingsDocumentListsEverySetting() {
        assertThat(known).isNotEmpty();
        assertThat(documented.keySet()).isEqualTo(known.keySet());
    }

    @Test
    void settingsDocumentHasDefaults() {
        assertThat(documented).allSatisfy((name, row) -> {
            JsonNode byDefault = known.get(name).path("defaultValue");
            if (byDefault.isMissingNode()) {
                assertThat(row.byDefault()).as(name).doesNotStartWith("`").isNotBlank();
            } else {
                assertThat(row.byDefault()).as(name).isEqualTo("`" + text(byDefault) + "`");
            }
        });
    }

    /** Lists are in brackets there. */
    private static String text(JsonNode value) {
        return value.asString().replaceAll("[\\[\\] ]", "");
    }

    @Test
    void settingsDocumentHasEnvironmentVariables() {
        assertThat(documented)
                .allSatisfy((name, row) -> assertThat(row.variable())
                        .isEqualTo(
                                name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_')));
    }

    @Test
    void everySettingIsDescribedInCodeAndDocument() {
        assertThat(known)
                .allSatisfy((name, property) -> assertThat(
                                property.path("description").stringValue(""))
                        .as(name)
                        .isNotBlank());
        assertThat(documented).allSatisfy((name, row) -> {
            assertThat(row.meaning()).as(name).endsWith(".");
            assertThat(row.allowed()).as(name).isNotBlank();
        });
    }
}
