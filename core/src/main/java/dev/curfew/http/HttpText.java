package dev.curfew.http;

import java.util.List;
import java.util.Locale;

/** The character rules of HTTP. */
final class HttpText {
    private static final int REPLACEMENT = 0xFFFD;
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private HttpText() {}

    /** {@code token} of RFC 9110 section 5.6.2. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenCharacter(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** {@code field-value} of RFC 9110 section 5.5, without the obsolete bytes above ASCII. */
    static boolean isFieldValue(String text) {
        return text.chars().allMatch(c -> isVisible(c) || c == ' ' || c == '\t')
                && text.length() == trim(text).length();
    }

    static boolean isVisible(int c) {
        return c > ' ' && c < 0x7F;
    }

    /** Takes away what RFC 9110 calls optional white space, and nothing else. */
    static String trim(String text) {
        return trim(text, 0);
    }

    /** The same of what stands from an index on; makes no copy in between, since tokens are long. */
    static String trim(String text, int from) {
        int start = from;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Whether there is one {@code Content-Type}, of that media type, whatever its parameters are. */
    static boolean isMediaType(List<String> contentTypes, String mediaType) {
        if (contentTypes.size() != 1) {
            return false;
        }
        String contentType = contentTypes.get(0);
        int parameters = contentType.indexOf(';');
        return trim(parameters < 0 ? contentType : contentType.substring(0, parameters))
                .toLowerCase(Locale.ROOT)
                .equals(mediaType);
    }

    /** Writes a {@code quoted-string}; the text is visible ASCII and spaces. */
    static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * Makes a text harmless that comes from outside and is kept: short, and without what a store or a log cannot hold,
     * which are control characters and halves of surrogate pairs. No pair is cut in two.
     */
    static String harmless(String text, int maxLength) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), maxLength));
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            boolean isHarmful = Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
            int kept = isHarmful || c == '\u2028' || c == '\u2029' ? REPLACEMENT : c;
            if (out.length() + Character.charCount(kept) > maxLength) {
                break;
            }
            out.appendCodePoint(kept);
        }
        return out.toString();
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isTokenCharacter(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c < 0x7F && TOKEN_MARKS.indexOf(c) >= 0;
    }
}
