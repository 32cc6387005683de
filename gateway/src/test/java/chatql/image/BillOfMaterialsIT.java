package chatql.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jar's bill of materials, in CycloneDX. */
class BillOfMaterialsIT {
    private static final String BILL = "META-INF/sbom/application.cdx.json";
    private static final String LIBRARIES = "BOOT-INF/lib/";

    @Test
    void everyLibraryInJarIsInBillOfMaterials() throws IOException {
        try (var jar = new ZipFile(Path.of("target/gateway.jar").toFile())) {
            List<String> listed = components(jar).stream()
                    .map(each -> each.get("name").stringValue() + "-"
                            + each.get("version").stringValue())
                    .toList();

            // Spring Boot's plugin adds that one itself.
            assertThat(libraries(jar))
                    .hasSizeGreaterThan(100)
                    .filteredOn(library -> !library.startsWith("spring-boot-jarmode-tools"))
                    .allMatch(library -> listed.stream().anyMatch(library::startsWith));
        }
    }

    @Test
    void browserLibrariesAreInBillOfMaterialsAndNotInJar() throws IOException {
        try (var jar = new ZipFile(Path.of("target/gateway.jar").toFile())) {
            List<String> names = components(jar).stream()
                    .map(each -> each.get("name").stringValue())
                    .toList();

            assertThat(names).contains("graphiql", "react", "react-dom", "graphql-ws", "lit", "lit-html");
            assertThat(libraries(jar))
                    .noneMatch(library -> library.matches("(graphiql|react|react-dom|graphql-ws|lit|lit-\\w+)-\\d.*"));
        }
    }

    @Test
    void rocksDbIsInBillOfMaterialsThoughItsJarIsReplaced() throws IOException {
        try (var jar = new ZipFile(Path.of("target/gateway.jar").toFile())) {
            assertThat(components(jar))
                    .anySatisfy(each ->
                            assertThat(each.get("purl").stringValue()).startsWith("pkg:maven/org.rocksdb/rocksdbjni@"));
            assertThat(libraries(jar)).noneMatch(library -> library.startsWith("rocksdbjni"));
        }
    }

    @Test
    void everyComponentHasVersionHashAndPackageUrl() throws IOException {
        try (var jar = new ZipFile(Path.of("target/gateway.jar").toFile())) {
            assertThat(components(jar)).allSatisfy(each -> {
                assertThat(each.get("purl").stringValue()).startsWith("pkg:maven/");
                assertThat(each.get("version").stringValue()).isNotBlank();
                assertThat(each.get("hashes").toString()).contains("SHA-256");
            });
        }
    }

    private static List<JsonNode> components(ZipFile jar) throws IOException {
        try (InputStream bill = jar.getInputStream(jar.getEntry(BILL))) {
            return JsonMapper.shared()
                    .readTree(bill)
                    .get("components")
                    .valueStream()
                    .toList();
        }
    }

    private static List<String> libraries(ZipFile jar) {
        return jar.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
                .map(name -> name.substring(LIBRARIES.length()))
                .toList();
    }
}
