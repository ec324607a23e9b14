package dev.curfew.session;

/**
 * Makes one line of well-formed text of what anybody may have sent: what cannot be shown or stored alike everywhere
 * becomes U+FFFD.
 */
final class PlainText {
    private PlainText() {}

    static String of(String text, int maxLength) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), maxLength));
        text.codePoints()
                .map(c -> isPrintable(c) ? c : 0xFFFD)
                .takeWhile(c -> out.length() + Character.charCount(c) <= maxLength)
                .forEach(out::appendCodePoint);
        return out.toString().strip();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
