package chatql.user;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Defines which usernames may be claimed, and which of them count as the same. It is the profile UsernameCaseMapped of
 * PRECIS (RFC 8265, 3.3, on the IdentifierClass of RFC 8264), without its contextual rules, so that a username has no
 * invisible characters. It adds a restriction to one script and a skeleton against look-alikes (Unicode's UTS #39, 4
 * and 5.2).
 */
public final class UsernameProfile {
    private static final String BLANKS = "must not begin or end with a blank, or have two in a row";
    private static final String LETTERS = "must have letters, digits and the characters of ASCII only";
    private static final String ALPHABETS = "must not mix alphabets";

    /** Letters without a glyph: the fillers of Hangul and Khmer, and the joiners and selectors among the marks. */
    private static final String IGNORABLE =
            "\u034F\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180F\u3164\uFFA0\uFE00-\uFE0F";

    /** Invisible characters, which older usernames may have: controls, formats, fillers. */
    private static final Pattern INVISIBLE = Pattern.compile(
            "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}" + IGNORABLE + "\\x{E0100}-\\x{E01EF}]");

    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Z}]+");

    /** The scripts that one username may combine with Latin: UTS #39, 5.2, "highly restrictive". */
    private static final List<Set<UnicodeScript>> SCRIPT_SETS = List.of(
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.BOPOMOFO),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HANGUL));

    private UsernameProfile() {}

    /**
     * The violation of a username that must not be claimed, as the end of a sentence that begins with the argument's
     * name; null for an allowed one.
     */
    public static @Nullable String violation(@Nullable String text) {
        String violation = Username.violation(text);
        if (violation != null || text == null) {
            return violation;
        }
        String name = Normalizer.normalize(text, Form.NFC);
        String narrow = narrow(name);
        if (!narrow.equals(narrow.strip()) || narrow.contains("  ")) {
            return BLANKS;
        }
        if (!narrow.codePoints().allMatch(UsernameProfile::isVisible) || isMark(narrow.codePointAt(0))) {
            return LETTERS;
        }
        if (mixesAlphabets(narrow)) {
            return ALPHABETS;
        }
        String tooLong = Username.violation(name);
        return tooLong == null ? Username.violation(skeleton(name)) : tooLong;
    }

    /** The username as it is displayed. The text must have no violation. */
    public static Username prepared(String text) {
        return new Username(Normalizer.normalize(text, Form.NFC));
    }

    /** Whether a lookup of one username finds the other: they differ at most in case, width or composition. */
    public static boolean isSame(Username one, Username other) {
        return folded(one.value()).equals(folded(other.value()));
    }

    /**
     * The skeleton, which is equal for all usernames that count as the same. Defined for any text; the skeleton of a
     * skeleton is itself.
     */
    public static String skeleton(String text) {
        String visible = INVISIBLE.matcher(text).replaceAll("");
        String seen = BLANK.matcher(folded(visible)).replaceAll(" ").strip();
        String latin = Normalizer.normalize(seen, Form.NFD)
                .codePoints()
                .map(Confusables::latin)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        return Normalizer.normalize(latin, Form.NFC);
    }

    /** Folds case by way of capitals, because some small letters share one. A small i drops its combining dot. */
    private static String folded(String text) {
        String small = narrow(Normalizer.normalize(text, Form.NFC))
                .toLowerCase(Locale.ROOT)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT)
                .replace('ς', 'σ');
        return Normalizer.normalize(Normalizer.normalize(small, Form.NFD).replace("i\u0307", "i"), Form.NFC);
    }

    /** Maps wide and narrow forms to the ordinary ones: RFC 8265, 3.3.2. */
    private static String narrow(String text) {
        return text.codePoints()
                .mapToObj(Character::toString)
                .map(each -> isWidthForm(each.codePointAt(0)) ? Normalizer.normalize(each, Form.NFKC) : each)
                .collect(Collectors.joining());
    }

    private static boolean isWidthForm(int letter) {
        return letter == 0x3000 || (letter >= 0xFF01 && letter <= 0xFFEE);
    }

    /**
     * Letters and digits, the printable characters of ASCII, and single blanks between two parts of a username: RFC
     * 8264, 4.2.
     */
    private static boolean isVisible(int letter) {
        return (letter >= ' ' && letter <= '~')
                || (isLetterOrDigit(letter) && !isOldJamo(letter) && !isIgnorable(letter) && !hasCompatible(letter));
    }

    private static boolean isLetterOrDigit(int letter) {
        return switch (Character.getType(letter)) {
            case Character.LOWERCASE_LETTER,
                    Character.UPPERCASE_LETTER,
                    Character.OTHER_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER -> true;
            default -> isMark(letter);
        };
    }

    private static boolean isMark(int letter) {
        int type = Character.getType(letter);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isIgnorable(int letter) {
        return INVISIBLE.matcher(Character.toString(letter)).matches();
    }

    private static boolean isOldJamo(int letter) {
        return (letter >= 0x1100 && letter <= 0x11FF)
                || (letter >= 0xA960 && letter <= 0xA97F)
                || (letter >= 0xD7B0 && letter <= 0xD7FF);
    }

    private static boolean hasCompatible(int letter) {
        String one = Character.toString(letter);
        return !Normalizer.normalize(one, Form.NFKC).equals(Normalizer.normalize(one, Form.NFC));
    }

    private static boolean mixesAlphabets(String name) {
        Set<UnicodeScript> scripts = name.codePoints()
                .filter(((IntPredicate) Character::isLetterOrDigit).or(UsernameProfile::isMark))
                .mapToObj(UnicodeScript::of)
                .filter(script -> script != UnicodeScript.COMMON && script != UnicodeScript.INHERITED)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(UnicodeScript.class)));
        return scripts.size() > 1 && SCRIPT_SETS.stream().noneMatch(some -> some.containsAll(scripts));
    }
}
