package dev.curfew.crypto;

import java.util.Set;

/** Tells ASN.1 structures, such as a public key or a certificate, from other bytes. */
final class DerShape {
    private static final int SEQUENCE = 0x30;

    /**
     * What keys and certificates consist of: numbers, strings, identifiers, sequences, and parts with a tag of their
     * own.
     */
    private static final Set<Integer> PARTS = Set.of(0x02, 0x03, 0x04, 0x06, SEQUENCE, 0xA0, 0xA1, 0xA3);

    private DerShape() {}

    /**
     * Whether it is one sequence of such parts, each of the length that it states. Random bytes are that once in 10
     * million times.
     */
    static boolean isDer(byte[] bytes) {
        if (bytes.length < 2 || bytes[0] != SEQUENCE || end(bytes, 0) != bytes.length) {
            return false;
        }
        int at = content(bytes, 0);
        while (at < bytes.length) {
            int end = end(bytes, at);
            if (!PARTS.contains(bytes[at] & 0xFF) || end < 0 || end > bytes.length) {
                return false;
            }
            at = end;
        }
        return true;
    }

    /** Where the content of the element begins, or -1 if its length is not told in up to three bytes. */
    private static int content(byte[] bytes, int at) {
        int first = at + 1 < bytes.length ? bytes[at + 1] & 0xFF : 0xFF;
        int more = first < 0x80 ? 0 : first - 0x80;
        return more > 3 || at + 2 + more > bytes.length ? -1 : at + 2 + more;
    }

    /** Where the element ends, or -1. */
    private static int end(byte[] bytes, int at) {
        int content = content(bytes, at);
        if (content < 0) {
            return -1;
        }
        int length = content == at + 2 ? bytes[at + 1] : 0;
        for (int i = at + 2; i < content; i++) {
            length = length << Byte.SIZE | bytes[i] & 0xFF;
        }
        return content + length;
    }
}
