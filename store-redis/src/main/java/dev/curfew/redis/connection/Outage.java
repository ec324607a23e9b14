package dev.curfew.redis.connection;

import dev.curfew.session.FailureText;
import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisException;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the failure of a verb, which names its innermost cause and says of a write that it may be repeated. */
public final class Outage {
    private static final Set<String> WRITES = Set.of(
            "insert", "touch", "rotate", "revoke", "record", "purge", "replace", "erase", "resetHorizon", "open");

    private Outage() {}

    public static StoreUnavailableException of(String verb, Throwable cause) {
        return of(verb + " (" + why(cause) + Advice.of(cause) + ")", WRITES.contains(verb), cause);
    }

    /** Of a verb that found something with which it cannot go on; the sentence is safe to log. */
    public static StoreUnavailableException saying(String verb, String sentence) {
        return of(verb + " (" + sentence + ")", WRITES.contains(verb), null);
    }

    /** Of a connection that was not there before. */
    public static StoreUnavailableException ofConnection(RedisException cause) {
        return new StoreUnavailableException(
                "connect (" + why(cause) + "): " + Advice.ofConnection(cause)
                        + "check the client's RedisURI (host and port, user and password,"
                        + " TLS as the server has it)",
                cause);
    }

    /** Lettuce's own resolver puts the answer of the name server inside, which says less. */
    private static String why(Throwable cause) {
        boolean isUnknownHost = Stream.iterate(cause, Objects::nonNull, Throwable::getCause)
                .limit(10)
                .anyMatch(UnknownHostException.class::isInstance);
        return (isUnknownHost ? "unknown host, " : "") + FailureText.of(cause);
    }

    private static StoreUnavailableException of(String operation, boolean isWrite, @Nullable Throwable cause) {
        return isWrite
                ? StoreUnavailableException.ofWrite(operation, cause)
                : new StoreUnavailableException(operation, cause);
    }
}
