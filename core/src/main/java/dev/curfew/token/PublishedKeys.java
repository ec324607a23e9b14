package dev.curfew.token;

import dev.curfew.token.UnusableKeyException.Reason;
import java.util.List;

/**
 * What an issuer published at one moment. Immutable.
 *
 * @param keys those that can verify; perhaps none
 * @param leftOut why others cannot, in the order of the set
 */
record PublishedKeys(KeySet keys, List<Reason> leftOut) {
    PublishedKeys {
        leftOut = List.copyOf(leftOut);
    }
}
