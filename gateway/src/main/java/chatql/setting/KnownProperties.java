package chatql.setting;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/** The names of all settings of the gateway, for every role; empty where the build left no configuration metadata. */
record KnownProperties(Set<String> names) {
    static final String ROOT = "chatql";

    private static final String LISTS = "META-INF/spring-configuration-metadata.json";

    static KnownProperties load(ClassLoader loader) {
        Set<String> names = new TreeSet<>();
        try {
            for (URL list : Collections.list(loader.getResources(LISTS))) {
                if (isOurs(list)) {
                    read(list, names);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new KnownProperties(names);
    }

    /** Skips the lists of other libraries: reading them all at every start would take time and serve no purpose. */
    private static boolean isOurs(URL list) {
        String location = list.toString();
        URL ownLocation =
                KnownProperties.class.getProtectionDomain().getCodeSource().getLocation();
        return location.contains(ownLocation.toString()) || location.contains("embedded-kafka");
    }

    private static void read(URL list, Set<String> names) throws IOException {
        try (InputStream text = list.openStream()) {
            JsonMapper.shared()
                    .readTree(text)
                    .path("properties")
                    .forEach(property -> names.add(property.path("name").stringValue("")));
        }
    }

    /**
     * Whether the metadata is present. A class path without it, such as a hand-made one, knows no name and must not
     * report all of them as unknown.
     */
    boolean isThere() {
        return names.contains(ROOT + ".roles");
    }

    /** Compares letters and digits only, because variables cannot distinguish dots from dashes. */
    boolean hasVariable(String variable) {
        return names.stream().anyMatch(name -> letters(name).equals(letters(variable)));
    }

    /** The name with the smallest edit distance, which was probably meant. */
    String nearest(String misspelt) {
        String letters = letters(misspelt);
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(letters, letters(name))))
                .orElse("");
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** The Levenshtein distance. */
    private static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        for (int i = 0; i <= to.length(); i++) {
            before[i] = i;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] now = new int[to.length() + 1];
            now[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = before[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[to.length()];
    }
}
