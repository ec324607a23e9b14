package dev.curfew.crypto;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the bytes that a text may spell in hexadecimal digits or base64. */
final class SpelledBytes {
    private static final Pattern HEX = Pattern.compile("(?:0[xX])?(?:[0-9a-fA-F]{2})++");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");

    private static final Set<Integer> USUAL = Set.of(32, 48, 64);

    private SpelledBytes() {}

    /** All readings; none is empty. */
    static List<byte[]> of(String text) {
        return Stream.of(fromHex(text), fromBase64(text))
                .filter(bytes -> bytes.length > 0)
                .toList();
    }

    /** How many bytes a text spells, and how, if so many are usual for a key. */
    static Optional<String> describe(String text) {
        int inHex = fromHex(text).length;
        int inBase64 = fromBase64(text).length;
        return USUAL.contains(inHex)
                ? Optional.of(inHex + " bytes in hexadecimal digits")
                : USUAL.contains(inBase64) ? Optional.of(inBase64 + " bytes in Base64") : Optional.empty();
    }

    /** Whether it has only characters in which keys are spelled. */
    static boolean mayBeKey(String text) {
        return BASE64.matcher(text).matches();
    }

    private static byte[] fromHex(String text) {
        if (!HEX.matcher(text).matches()) {
            return new byte[0];
        }
        boolean isMarked = text.startsWith("0x") || text.startsWith("0X");
        return HexFormat.of().parseHex(isMarked ? text.substring(2) : text);
    }

    private static byte[] fromBase64(String text) {
        if (!BASE64.matcher(text).matches()) {
            return new byte[0];
        }
        try {
            return Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException e) {
            // Of an impossible length: no base64 after all.
            return new byte[0];
        }
    }
}
