package dev.curfew.jose;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which key of an issuer made the signature of a token, if one did. Immutable.
 *
 * @param header of the token
 * @param keys the newest that were tried
 * @param key the one of them that made the signature, or null
 */
public record KeyMatch(
        TokenHeader header, KeySet keys, @Nullable VerificationKey key) {
    /** Why no key made a signature. */
    public enum Miss {
        /** Fitting keys did not make it. */
        SIGNATURE,
        /** The key that the header names is not of the algorithm's kind. */
        ALGORITHM,
        /** The issuer has no key that the header may mean. */
        KEY_UNKNOWN
    }

    /** Finds the key that made a signature, if one did. */
    @FunctionalInterface
    public interface Mathematics {
        /** Tries one after another. */
        @Nullable
        VerificationKey find();
    }

    /** Lets the mathematics of signatures run, when it is their turn; never while keys are waited for. */
    @FunctionalInterface
    public interface Turn {
        /** Runs it. */
        @Nullable
        VerificationKey take(Mathematics mathematics);
    }

    /**
     * Tries the keys that are there, and, if the header names none of these, newer ones as far as the source may ask
     * for them.
     */
    public static KeyMatch seek(ParsedToken token, KeySource source) {
        return seek(token, source, Mathematics::find);
    }

    /** The same, with a bound on the mathematics alone. */
    public static KeyMatch seek(ParsedToken token, KeySource source, Turn turn) {
        KeySet keys = source.current();
        VerificationKey key = find(token, keys, turn);
        if (key == null && !keys.hasId(token.header().keyId())) {
            KeySet newer = source.newerThan(keys);
            if (newer != keys) {
                keys = newer;
                key = find(token, keys, turn);
            }
        }
        return new KeyMatch(token.header(), keys, key);
    }

    /** Why there is no key; asked only where there is none. */
    public Miss miss() {
        if (!keys.candidates(header).isEmpty()) {
            return Miss.SIGNATURE;
        }
        return keys.hasId(header.keyId()) ? Miss.ALGORITHM : Miss.KEY_UNKNOWN;
    }

    private static @Nullable VerificationKey find(ParsedToken token, KeySet keys, Turn turn) {
        List<VerificationKey> candidates = keys.candidates(token.header());
        return candidates.isEmpty() ? null : turn.take(() -> find(token, candidates));
    }

    private static @Nullable VerificationKey find(ParsedToken token, List<VerificationKey> candidates) {
        byte[] signed = token.form().signedBytes();
        byte[] signature = token.form().signature();
        for (VerificationKey key : candidates) {
            if (key.verifies(token.header().algorithm(), signed, signature)) {
                return key;
            }
        }
        return null;
    }
}
