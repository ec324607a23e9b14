package dev.curfew.crypto;

import org.jspecify.annotations.Nullable;

/** Tells bytes that follow a plain rule, or are a known structure, from random ones. */
final class ByteShape {
    private static final int MIN_DISTINCT_BYTES = 8;
    private static final int LONG_RUN = 8;

    private ByteShape() {}

    /** What they look like, in words; null if nothing is striking. */
    static @Nullable String weaknessOf(byte[] secret) {
        int zeros = 0;
        int run = 1;
        int longest = 1;
        int repeats = 0;
        int steps = 0;
        boolean[] seen = new boolean[1 << Byte.SIZE];
        int distinct = 0;
        for (int i = 0; i < secret.length; i++) {
            zeros += secret[i] == 0 ? 1 : 0;
            distinct += seen[secret[i] & 0xFF] ? 0 : 1;
            seen[secret[i] & 0xFF] = true;
            if (i > 0) {
                int step = Math.abs(secret[i] - secret[i - 1]);
                run = step == 0 ? run + 1 : 1;
                longest = Math.max(longest, run);
                repeats += step == 0 ? 1 : 0;
                steps += step == 1 ? 1 : 0;
            }
        }
        if (distinct < MIN_DISTINCT_BYTES) {
            return "few different bytes";
        }
        if (longest >= LONG_RUN || repeats * 5 >= secret.length * 2) {
            return "long runs of one byte";
        }
        if (zeros * 4 >= secret.length || isOfTwoBytes(secret, 0) || isOfTwoBytes(secret, 1)) {
            return "many zero bytes, or text in UTF-16";
        }
        if (steps * 2 > secret.length) {
            return "a sequence";
        }
        if (isRepetition(secret)) {
            return "a repetition";
        }
        return DerShape.isDer(secret) ? "a key or a certificate" : null;
    }

    /** Whether every second byte is one of three, as in a text of two bytes for each character. */
    private static boolean isOfTwoBytes(byte[] secret, int start) {
        int distinct = 0;
        byte[] seen = new byte[3];
        for (int i = start; i < secret.length; i += 2) {
            boolean isNew = true;
            for (int j = 0; j < distinct; j++) {
                isNew &= seen[j] != secret[i];
            }
            if (isNew && distinct == seen.length) {
                return false;
            }
            if (isNew) {
                seen[distinct++] = secret[i];
            }
        }
        return true;
    }

    private static boolean isRepetition(byte[] secret) {
        for (int period = 1; period <= secret.length / 2; period++) {
            if (hasPeriod(secret, period)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasPeriod(byte[] secret, int period) {
        for (int i = period; i < secret.length; i++) {
            if (secret[i] != secret[i - period]) {
                return false;
            }
        }
        return true;
    }
}
