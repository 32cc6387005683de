package chatql.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.SpoofChecker;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsernameProfileTest {
    private static final SpoofChecker UNICODE = new SpoofChecker.Builder().build();

    // --- allowed usernames

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Alice",
                "Bob",
                "Carol",
                "anna.b@example.com",
                "O'Brien",
                "zoe07",
                "a",
                "#1",
                "Alice Liddell",
                "Québec",
                "Röschen",
                "Ἀλίκη",
                "Борис",
                "Ալիս",
                "أليس",
                "עליזה",
                "आलिस",
                "อลิซ",
                "アリス Alice",
                "爱丽丝",
                "앨리스",
                "ỌláIyá",
                "İpek",
                "Straße",
                "Zoe\u0308"
            })
    void nameInOneAlphabetIsAccepted(String name) {
        assertThat(UsernameProfile.violation(name)).isNull();
        assertThat(UsernameProfile.prepared(name).value()).isEqualTo(Normalizer.normalize(name, Form.NFC));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice ", " alice", "Alice  Liddell", "alice\u3000"})
    void nameWithOuterOrDoubleBlanksIsRejected(String name) {
        assertThat(UsernameProfile.violation(name))
                .isEqualTo("must not begin or end with a blank, or have two in a row");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "al\u200Bice",
                "al\u200Dice",
                "al\u00ADice",
                "\u202Ealice",
                "al\uFEFFice",
                "alice\uFE0F",
                "al\u034Fice",
                "al\u2060ice",
                "al\u3164ice",
                "al\u115Fice",
                "al\u2800ice",
                "al\u0000ice",
                "al\tice",
                "al\nice",
                "al\u0085ice",
                "al\u00A0ice",
                "al\u2003ice",
                "al\u2028ice",
                "alice\uE000",
                "alice\u0378",
                "\u0301alice",
                "alice🙂",
                "ﬁona",
                "alice½",
                "Ⅷ",
                "alice\uDB40\uDD00",
                "alice’s"
            })
    void nameWithDisallowedCharactersOrNoLetterIsRejected(String name) {
        assertThat(UsernameProfile.violation(name))
                .isEqualTo("must have letters, digits and the characters of ASCII only");
    }

    @ParameterizedTest
    @ValueSource(strings = {"аlice", "alicе", "Βob", "bоb", "aliceא", "ア爱ㄅ", "Борис X"})
    void nameOfSeveralAlphabetsIsRejected(String name) {
        assertThat(UsernameProfile.violation(name)).isEqualTo("must not mix alphabets");
    }

    @Test
    void nameTooLongInAnyNormalizationIsRejected() {
        assertThat(UsernameProfile.violation("a".repeat(64))).isNull();
        assertThat(UsernameProfile.violation("a".repeat(65))).isEqualTo("must not be longer than 64 characters");
        assertThat(UsernameProfile.violation("ß".repeat(33))).isEqualTo("must not be longer than 64 characters");
        assertThat(UsernameProfile.violation("\u0958".repeat(33))).isEqualTo("must not be longer than 64 characters");
        assertThat(UsernameProfile.violation(" ")).isEqualTo("must not be blank");
        assertThat(UsernameProfile.violation(null)).isEqualTo("must not be blank");
        assertThat(UsernameProfile.violation("\uD800")).isEqualTo("must be valid Unicode");
    }

    // --- usernames that count as the same

    @ParameterizedTest
    @CsvSource(textBlock = """
            Alice,         ALICE
            alice,         ａｌｉｃｅ
            alice,         аlice
            alice,         аӏісе
            alice,         ꓮꓡꓲꓚꓰ
            'alice ',      alice
            al\u200Bice,   alice
            Zoë,           Zoe\u0308
            STRASSE,       straße
            ΣΊΣΥΦΟΣ,       Σίσυφος
            İpek,          ipek
            Bob,           ВОВ
            Борис,         БОРИС
            """)
    void lookAlikeNamesShareOneSkeleton(String one, String other) {
        assertThat(UsernameProfile.skeleton(one)).isEqualTo(UsernameProfile.skeleton(other));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            alice, alica
            Zoe,   Zoë
            bob1,  bobl
            Anna,  Ana
            Борис, Бориса
            """)
    void distinctNamesHaveDistinctSkeletons(String one, String other) {
        assertThat(UsernameProfile.skeleton(one)).isNotEqualTo(UsernameProfile.skeleton(other));
    }

    @Test
    void skeletonIsIdempotentCaseInsensitiveAndValidAsKey() {
        List<String> letters = claimable().toList();

        assertThat(letters).hasSizeGreaterThan(70_000);
        assertThat(letters.stream().filter(letter -> {
                    String skeleton = UsernameProfile.skeleton(letter);
                    return !UsernameProfile.skeleton(skeleton).equals(skeleton)
                            || !UsernameProfile.skeleton(letter.toUpperCase(Locale.ROOT))
                                    .equals(skeleton)
                            || Username.violation(skeleton) != null;
                }))
                .isEmpty();
    }

    /** Every letter and digit that is a valid username, without the 60,000 rarest of Han. */
    private static Stream<String> claimable() {
        return IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(letter -> Character.isDefined(letter) && (letter < 0x20000 || letter > 0x2FFFF))
                .mapToObj(Character::toString)
                .filter(letter -> UsernameProfile.violation(letter) == null);
    }

    @Test
    void confusablesMatchThoseOfUnicode() {
        List<Integer> letters = claimable()
                .map(letter -> letter.codePointAt(0))
                .filter(UsernameProfileTest::isSmallLetterOfAnAlphabetWithCapitals)
                .filter(letter -> latinLookAlike(letter) != null)
                .toList();

        assertThat(letters).hasSize(Confusables.size());
        assertThat(letters)
                .allSatisfy(letter -> assertThat(Character.toString(Confusables.latin(letter)))
                        .as(Character.toString(letter))
                        .isEqualTo(latinLookAlike(letter)));
    }

    private static boolean isSmallLetterOfAnAlphabetWithCapitals(int letter) {
        String one = Character.toString(letter);
        boolean small = Character.getType(letter) == Character.LOWERCASE_LETTER
                || UnicodeScript.of(letter) == UnicodeScript.LISU;
        return letter > 127
                && small
                && Normalizer.normalize(one, Form.NFKD).equals(one)
                && one.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).equals(one);
    }

    /** The letter of a to z that this letter looks like, or whose capital its own capital looks like. */
    private static @Nullable String latinLookAlike(int letter) {
        String own = singleLookAlike(letter);
        String capital = Character.toString(letter).toUpperCase(Locale.ROOT);
        return own != null || capital.codePointCount(0, capital.length()) > 1
                ? own
                : singleLookAlike(capital.codePointAt(0));
    }

    private static @Nullable String singleLookAlike(int letter) {
        String skeleton = UNICODE.getSkeleton(Character.toString(letter));
        if (skeleton.length() != 1 || skeleton.charAt(0) > 127 || !Character.isLetter(skeleton.charAt(0))) {
            return null;
        }
        // A capital i looks like a small l, but is an i. Letters of Lisu look like capitals.
        boolean capital = Character.isUpperCase(letter) || UnicodeScript.of(letter) == UnicodeScript.LISU;
        return skeleton.equals("l") && capital ? "i" : skeleton.toLowerCase(Locale.ROOT);
    }
}
