package dev.curfew.examples.benchmarks;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * How long the same piece of arithmetic takes again and again in the course of a run; if it is not always the same,
 * the machine had something else to do. Confined to one thread.
 */
final class Pace {
    private static final int ROUNDS = 5;
    private static final int WARM_UPS = 3;
    private static final int DIGESTS = 16;
    private static final int DIGESTED_BYTES = 1 << 20;

    private final byte[] digested = new byte[DIGESTED_BYTES];
    private final List<Double> millis = new ArrayList<>();

    /** Runs it a few times: some tens of milliseconds each. */
    void take() {
        int warmUps = millis.isEmpty() ? WARM_UPS : 0;
        for (int round = -warmUps; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            digest();
            if (round >= 0) {
                millis.add((System.nanoTime() - begin) / 1e6);
            }
        }
    }

    /** All that were taken, in milliseconds. */
    Figure figure() {
        return Figure.median(millis.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private void digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < DIGESTS; i++) {
                sha.update(digested);
            }
            // Each round depends on the one before, so that none can be left out.
            digested[0] = sha.digest()[0];
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
