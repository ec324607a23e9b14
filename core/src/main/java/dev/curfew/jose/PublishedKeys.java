package dev.curfew.jose;

import dev.curfew.crypto.UnusableKeyException.Reason;
import java.util.List;

/**
 * What an issuer published at one moment. Immutable.
 *
 * @param keys those that can verify; perhaps none
 * @param leftOut why others cannot, in the order of the set
 */
public record PublishedKeys(KeySet keys, List<Reason> leftOut) {
    public PublishedKeys {
        leftOut = List.copyOf(leftOut);
    }
}
