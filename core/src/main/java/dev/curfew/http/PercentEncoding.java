package dev.curfew.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes what stands in a path or in a form, strictly. */
final class PercentEncoding {
    private PercentEncoding() {}

    /** Answers the text, or nothing if an escape is broken or the bytes are not UTF-8; a plus sign is a plus sign. */
    static Optional<String> decode(String segment) {
        return decode(segment, '+');
    }

    /** The same of a name or value of a form ({@code application/x-www-form-urlencoded}): a plus sign is a space. */
    static Optional<String> decodeForm(String text) {
        return isPlain(text) ? Optional.of(text) : decode(text, ' ');
    }

    /** Whether it means itself, as tokens do. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' || c == '+' || !HttpText.isVisible(c)) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> decode(String segment, char plus) {
        ByteBuffer bytes = ByteBuffer.allocate(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                int high = hexDigit(segment, i + 1);
                int low = hexDigit(segment, i + 2);
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else if (HttpText.isVisible(c)) {
                bytes.put((byte) (c == '+' ? plus : c));
            } else {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static int hexDigit(String text, int at) {
        // Character.digit alone would also take digits of other scripts.
        return at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
    }
}
