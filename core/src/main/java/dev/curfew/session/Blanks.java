package dev.curfew.session;

/**
 * Recognises characters that are invisible at the begin or end of a name: white space, controls, format characters and
 * letters that show nothing.
 */
final class Blanks {
    /** Fillers and joiners that Unicode counts as letters, marks or symbols, and that show nothing. */
    private static final String WITHOUT_INK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0";

    private Blanks() {}

    static boolean isBlank(int codePoint) {
        return Character.isWhitespace(codePoint)
                || Character.isSpaceChar(codePoint)
                || Character.isISOControl(codePoint)
                || Character.getType(codePoint) == Character.FORMAT
                || WITHOUT_INK.indexOf(codePoint) >= 0;
    }
}
