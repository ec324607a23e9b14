package dev.curfew.ssf;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/** The values of {@code Authorization} by which a transmitter is known; only their hashes are kept. Immutable. */
final class AcceptedAuthorizations {
    private final List<byte[]> hashes;

    AcceptedAuthorizations(Collection<String> values) {
        this.hashes = values.stream().map(AcceptedAuthorizations::hash).toList();
    }

    /** Whether there is one line, and it is one of them; takes as long whichever it is. Everything if there is none. */
    boolean accept(List<String> lines) {
        if (hashes.isEmpty()) {
            return true;
        }
        byte[] given = hash(lines.size() == 1 ? lines.get(0) : "");
        boolean isOne = false;
        for (byte[] hash : hashes) {
            isOne |= MessageDigest.isEqual(hash, given);
        }
        return isOne && lines.size() == 1;
    }

    private static byte[] hash(String value) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
