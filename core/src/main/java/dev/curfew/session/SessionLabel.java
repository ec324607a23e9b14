package dev.curfew.session;

import java.util.Objects;

/**
 * What a person may call a session: one line that shows as it was written, wherever it stands.
 *
 * <p>Whoever shows it treats it as text: it may well contain what is markup elsewhere.
 */
public final class SessionLabel {
    /** The most code points of a label. */
    public static final int MAX_CODE_POINTS = 64;

    private SessionLabel() {}

    /**
     * Takes a label that comes from outside.
     *
     * @param label at most 64 code points, without controls, line breaks and characters that turn the direction of
     *     other text around, and not of blanks alone
     * @return the label as it is
     * @throws InvalidIdentifierException if it breaks a rule
     */
    public static String require(String label) {
        Objects.requireNonNull(label, "label");
        // The length in units comes first: nobody counts the code points of a megabyte.
        if (label.length() > 2 * MAX_CODE_POINTS || label.codePointCount(0, label.length()) > MAX_CODE_POINTS) {
            throw new InvalidIdentifierException("label is longer than " + MAX_CODE_POINTS + " characters");
        }
        if (!label.codePoints().allMatch(SessionLabel::isAllowed)) {
            throw new InvalidIdentifierException(
                    "label has a control character, a line break, half a character, or one that turns its direction");
        }
        if (label.codePoints().allMatch(Blanks::isBlank)) {
            throw new InvalidIdentifierException("label is blank");
        }
        return label;
    }

    private static boolean isAllowed(int codePoint) {
        return !isBidirectionalFormat(codePoint)
                && switch (Character.getType(codePoint)) {
                    case Character.CONTROL,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                };
    }

    /** The marks, embeddings, overrides and isolates that Unicode calls {@code Bidi_Control}. */
    private static boolean isBidirectionalFormat(int codePoint) {
        return codePoint == 0x061C
                || codePoint == 0x200E
                || codePoint == 0x200F
                || codePoint >= 0x202A && codePoint <= 0x202E
                || codePoint >= 0x2066 && codePoint <= 0x2069;
    }
}
