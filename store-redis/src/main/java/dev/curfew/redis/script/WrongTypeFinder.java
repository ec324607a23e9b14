package dev.curfew.redis.script;

import dev.curfew.redis.connection.Outage;
import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.connection.Server;
import dev.curfew.redis.server.DamagedKeyException;
import dev.curfew.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Finds the key whose type is not the store's, once a server has refused a command for that: it does not say which.
 * Stateless; costs a round trip after such a failure, and none before.
 */
final class WrongTypeFinder {
    private WrongTypeFinder() {}

    /** The failure with the key in it, if one among these is of a wrong type; else the failure itself. */
    static StoreUnavailableException named(
            StoreUnavailableException failure, String verb, Server server, List<byte[]> keys) {
        if (!isWrongType(failure)) {
            return failure;
        }
        try {
            List<List<byte[]>> types = server.calls()
                    .read(
                            verb,
                            server.port(),
                            keys.stream().map(ReadCommand::type).toList());
            for (int i = 0; i < keys.size(); i++) {
                String found = new String(types.get(i).get(0), StandardCharsets.US_ASCII);
                String wanted = RedisKeys.typeOf(keys.get(i));
                if (!found.equals(wanted) && !found.equals("none")) {
                    StoreUnavailableException named =
                            Outage.of(verb, new DamagedKeyException(keys.get(i), "a " + found, "a " + wanted));
                    named.addSuppressed(failure);
                    return named;
                }
            }
        } catch (StoreUnavailableException e) {
            // TYPE may be forbidden, or the server gone.
            failure.addSuppressed(e);
        }
        return failure;
    }

    private static boolean isWrongType(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(10)
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains("WRONGTYPE"));
    }
}
