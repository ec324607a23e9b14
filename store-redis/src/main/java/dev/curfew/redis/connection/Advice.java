package dev.curfew.redis.connection;

import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Says what to change where the words of the server, or of Lettuce, do not. */
final class Advice {
    /** What the server quotes here is the name of a command. */
    private static final Pattern COMMAND = Pattern.compile("no permissions to run the '([a-z|]{1,32})' command");

    /** Of Lettuce, and of the clock of Netty. */
    private static final Set<String> CLOSED = Set.of("Connection is closed", "cannot be started once stopped");

    /** What Lettuce says of an alert of TLS, with which a server answers what is none. */
    private static final String TLS_ALERT = "Invalid first byte: 21 ";

    private Advice() {}

    /** Of a failed verb, as the end of a sentence; empty if there is nothing to say. */
    static String of(Throwable failure) {
        String said = saidBy(failure);
        if (said.startsWith("CLUSTERDOWN") || said.startsWith("MOVED") || said.startsWith("CROSSSLOT")) {
            return "; if the server belongs to a cluster, give the store a RedisClusterClient and not a RedisClient";
        }
        if (CLOSED.contains(said)) {
            return "; the store, or the client that it was given, was closed before the service";
        }
        if (!said.startsWith("NOPERM")) {
            return "";
        }
        Matcher command = COMMAND.matcher(said);
        return "; grant the Redis user "
                + (command.find() ? "+" + command.group(1) : "the keys and channels that begin with keyPrefix")
                + ": the README of the store names all that it needs";
    }

    /** Of a connection that was not made, as the begin of a sentence. */
    static String ofConnection(Throwable failure) {
        String said = chain(failure)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        if (said.contains("cluster support disabled")) {
            return "this server is no cluster: give the store a RedisClient and not a RedisClusterClient; ";
        }
        if (said.contains("NOAUTH")) {
            return "the server wants a password, and the RedisURI has none; ";
        }
        if (said.contains("WRONGPASS")) {
            return "user or password of the RedisURI is wrong; ";
        }
        if (said.contains(TLS_ALERT)) {
            return "this port speaks TLS, and the RedisURI does not: withSsl(true); ";
        }
        boolean isTls = chain(failure).anyMatch(SSLException.class::isInstance);
        return isTls ? "TLS failed: this port may speak none, or this JVM does not trust its certificate; " : "";
    }

    private static String saidBy(Throwable failure) {
        return chain(failure)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .reduce("", (outer, inner) -> inner);
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(10);
    }
}
