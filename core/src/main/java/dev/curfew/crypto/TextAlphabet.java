package dev.curfew.crypto;

/**
 * Which characters a text without blanks consists of. Immutable.
 *
 * @param hasLower whether there is one of a to z
 * @param hasUpper whether there is one of A to Z
 * @param hasDigits whether there is one of 0 to 9
 * @param hasMarks whether there is anything else
 * @param size of the smallest alphabet of the usual generators that has them all
 */
record TextAlphabet(boolean hasLower, boolean hasUpper, boolean hasDigits, boolean hasMarks, int size) {

    static TextAlphabet of(CharSequence text) {
        boolean hasLower = false;
        boolean hasUpper = false;
        boolean hasDigits = false;
        boolean hasMarks = false;
        boolean isHex = true;
        boolean isBase32 = true;
        boolean isBase64 = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'a' && c <= 'z') {
                hasLower = true;
                isHex &= c <= 'f';
            } else if (c >= 'A' && c <= 'Z') {
                hasUpper = true;
                isHex &= c <= 'F';
            } else if (c >= '0' && c <= '9') {
                hasDigits = true;
                isBase32 &= c >= '2' && c <= '7';
            } else {
                hasMarks = true;
                isBase64 &= c == '+' || c == '/' || c == '-' || c == '_';
            }
        }
        boolean hasBothCases = hasLower && hasUpper;
        int size;
        if (hasMarks) {
            size = isBase64 ? 64 : 94;
        } else if (hasBothCases) {
            size = 62;
        } else {
            size = isHex ? 16 : isBase32 ? 32 : 36;
        }
        return new TextAlphabet(hasLower, hasUpper, hasDigits, hasMarks, size);
    }

    boolean isLettersOnly() {
        return !hasDigits && !hasMarks;
    }

    boolean hasOneCase() {
        return !hasLower || !hasUpper;
    }
}
