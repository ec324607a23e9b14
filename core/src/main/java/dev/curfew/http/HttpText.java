package dev.curfew.http;

/** The character rules of HTTP. */
final class HttpText {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private HttpText() {}

    /** {@code token} of RFC 9110 section 5.6.2. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(HttpText::isTokenCharacter);
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
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Writes a {@code quoted-string}; the text is visible ASCII and spaces. */
    static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isTokenCharacter(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c < 0x7F && TOKEN_MARKS.indexOf(c) >= 0;
    }
}
