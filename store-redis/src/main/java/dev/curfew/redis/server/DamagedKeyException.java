package dev.curfew.redis.server;

import dev.curfew.session.CurfewException;
import java.nio.charset.StandardCharsets;

/**
 * A key of the store holds something that Curfew did not write. No waiting mends that: somebody has to delete or rename
 * the key.
 *
 * <p>It is the cause of a {@link dev.curfew.store.StoreUnavailableException}. Its message names the key, what was found
 * and what is wanted, and no value.
 */
public final class DamagedKeyException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the key.
     *
     * @param key its name in Redis
     * @param found what it holds, without a value
     * @param wanted what Curfew wants there
     */
    public DamagedKeyException(byte[] key, String found, String wanted) {
        super(
                "the Redis key " + new String(key, StandardCharsets.UTF_8) + " holds " + found + ", where Curfew wants "
                        + wanted,
                null);
    }
}
