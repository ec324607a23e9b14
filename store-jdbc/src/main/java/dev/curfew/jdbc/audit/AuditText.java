package dev.curfew.jdbc.audit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes text that every database stores in the same way. */
final class AuditText {
    /** In UTF-16 units, which are at least as many as the characters that a column counts. */
    static final int MAX = 256;

    private static final int MAX_ID = 200;
    private static final String HASHED = "sha256:";

    private AuditText() {}

    /** What no database or not every one keeps (U+0000, half a surrogate pair) becomes U+FFFD. */
    static String wellFormed(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().map(c -> isKept(c) ? c : 0xFFFD).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /** Well-formed, and cut with an ellipsis where a column ends; no pair is cut apart. */
    static String column(String text, int max) {
        String kept = wellFormed(text);
        if (kept.length() <= max) {
            return kept;
        }
        int end = max - 1;
        return kept.substring(0, Character.isHighSurrogate(kept.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /**
     * A record's name, which must never be equal to another one's: so it is not cut. What is long or not plain ASCII (a
     * space at the end is nothing to some databases) becomes a hash, and so does what looks like one.
     */
    static String id(String id) {
        boolean isPlain = !id.isEmpty()
                && id.length() <= MAX_ID
                && !id.startsWith(HASHED)
                && id.chars().allMatch(c -> c > ' ' && c < 0x7F);
        return isPlain ? id : HASHED + hash(id);
    }

    /**
     * Of the UTF-16 units as they are: half a pair has no form of its own in any encoding, and would be equal to
     * another one.
     */
    private static String hash(String id) {
        try {
            ByteBuffer units = ByteBuffer.allocate(Character.BYTES * id.length());
            id.chars().forEach(unit -> units.putChar((char) unit));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(units.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static boolean isKept(int c) {
        return c != 0 && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
