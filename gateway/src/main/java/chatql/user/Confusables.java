package chatql.user;

import java.util.HashMap;
import java.util.Map;

/**
 * Letters of other alphabets that look like one of a to z, or whose capital looks like one of A to Z. The source is
 * Unicode's UTS #39 (confusables.txt of version 17): the alphabets with capitals, and Lisu. The table is part of this
 * code, because an update of a library must not turn a free username into a taken one.
 */
final class Confusables {
    /** Pairs of a letter and the Latin letter that it looks like. */
    private static final String[] PAIRS = {
        // Latin
        "þp ƅb ƍg ƒf ƽs ƿp ɑa ɡg ɣy ɩi ɪi ɯw ʀr ʋu ʏy ʝj ᴄc ᴏo ᴑo ᴜu ᴠv ᴡw ᴢz ᶃg ᶌy ẝf ỿy ꜱs ꞙf ꞟu ꞵb ꬲe ꬵf ꬽo ꭇr ꭈr ꭎu ꭒu ꭓx ꭚy",
        // Greek
        "αa βb γy εe ζz ηh ιi κk μm νv οo ρp σo τt υu χx ϝf ϳj ϸp ϻm ᴦr",
        // Cyrillic
        "аa вb гr еe кk мm нh оo рp сc тt уy хx шw ьb ѕs іi јj ѡw ѵv үy һh ҽe ӏl ԁd ԍg ԛq ԝw ꙇi",
        // Armenian
        "աw գq զq հh ոn ռn սu տs ցg ւi քf օo",
        // Georgian
        "ყy ჿo",
        // Cherokee
        "ᏻg ᏼb ꭰd ꭱr ꭲt ꭵi ꭹy ꭺa ꭻj ꭼe ꮁr ꮃw ꮇm ꮋh ꮍy ꮐg ꮒh ꮓz ꮟb ꮢr ꮤw ꮥs ꮩv ꮪs ꮮl ꮯc ꮲp ꮶk ꮷd",
        // Deseret
        "𐐬o 𐐽c 𐑃l 𐑈s",
        // Coptic
        "ϭo ⲃb ⲅr ⲏh ⲓi ⲕk ⲙm ⲛn ⲟo ⲣp ⲥc ⲧt ⲩy ⲭx ⲽw ⳏp ⳑl",
        // Lisu
        "ꓐb ꓑp ꓒd ꓓd ꓔt ꓖg ꓗk ꓙj ꓚc ꓜz ꓝf ꓟm ꓠn ꓡl ꓢs ꓣr ꓦv ꓧh ꓪw ꓫx ꓬy ꓮa ꓰe ꓲi ꓳo ꓴu",
        // Warang Citi
        "𑣀v 𑣁s 𑣂f 𑣃i 𑣄z 𑣆e 𑣈o 𑣉z 𑣎e 𑣒l 𑣕o 𑣗o 𑣘u 𑣜y",
        // Osage
        "𐓜r 𐓪o 𐓶u"
    };

    private static final Map<Integer, Integer> LATIN = read();

    private Confusables() {}

    private static Map<Integer, Integer> read() {
        Map<Integer, Integer> all = new HashMap<>();
        for (String alphabet : PAIRS) {
            for (String pair : alphabet.split(" ", -1)) {
                int letter = pair.codePointAt(0);
                all.put(letter, pair.codePointAt(Character.charCount(letter)));
            }
        }
        return Map.copyOf(all);
    }

    /** The letter of a to z that this small letter looks like, or the letter itself. */
    static int latin(int letter) {
        return LATIN.getOrDefault(letter, letter);
    }

    /** The number of letters in the table. */
    static int size() {
        return LATIN.size();
    }
}
