package dev.curfew.token;

import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.jose.KeySet;
import dev.curfew.jose.KeySource;
import dev.curfew.jose.VerificationKey;
import java.util.function.UnaryOperator;

/**
 * A token together with the key that verified its signature. Immutable.
 *
 * @param content what it says
 * @param keys the set in which the key was found
 * @param key the key
 */
record SignedToken(TokenContent content, KeySet keys, VerificationKey key) {

    /**
     * Whether the issuer still has this key; usually the set has not changed at all.
     *
     * @throws KeysUnavailableException if no keys may be used any more
     */
    boolean isKeyStillTrusted(UnaryOperator<KeySource> access) {
        KeySet current = access.apply(content.policy().keys().source()).current();
        return current == keys || current.contains(key);
    }
}
