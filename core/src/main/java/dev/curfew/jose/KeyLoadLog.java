package dev.curfew.jose;

import dev.curfew.crypto.UnusableKeyException.Reason;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an operator what became of each load of an issuer's keys: whose, from where, and why it failed. Thread-safe.
 *
 * <p>Writes no text that came from outside: no body, no key, and of the address no query, which may hold a password.
 */
final class KeyLoadLog {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteKeySource.class);
    private static final int MOST_CAUSES = 8;
    private static final String NO_ANSWER = "no answer";

    private final String address;
    private final Set<String> issuers = new CopyOnWriteArraySet<>();

    /** What was told last, so that it is told once and not at each load. */
    private volatile List<Reason> leftOut = List.of();

    private volatile boolean hadKeys = true;
    private volatile String lastReason = NO_ANSWER;

    KeyLoadLog(URI uri) {
        this.address = uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath()
                + (uri.getRawQuery() == null ? "" : "?...");
    }

    void usedBy(String issuer) {
        issuers.add(issuer);
    }

    void loaded(PublishedKeys published) {
        lastReason = NO_ANSWER;
        boolean hasKeys = !published.keys().isEmpty();
        if (hadKeys && !hasKeys) {
            LOG.warn(
                    "Issuer {} publishes no key that verifies signatures at {}: its tokens are refused",
                    issuers,
                    address);
        }
        hadKeys = hasKeys;
        List<Reason> reasons = published.leftOut();
        if (!reasons.isEmpty() && !reasons.equals(leftOut)) {
            LOG.warn("Issuer {} publishes keys at {} that are not used: {}", issuers, address, reasons);
        }
        leftOut = reasons;
    }

    void failed(@Nullable Throwable failure) {
        lastReason = reasonOf(failure);
        LOG.warn("The keys of issuer {} could not be loaded from {}: {}", issuers, address, lastReason);
    }

    /** Whose keys are missing, for whoever wanted them. */
    String missing() {
        return "the keys of issuer " + issuers + " cannot be loaded from " + address + ": " + lastReason;
    }

    /** One of our own sentences, or the name of the exception: messages of others may quote what came. */
    private static String reasonOf(@Nullable Throwable failure) {
        String name = NO_ANSWER;
        Throwable cause = failure;
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            if (cause instanceof KeyLoadException) {
                return String.valueOf(cause.getMessage());
            }
            String known = sentenceOf(cause);
            if (known != null) {
                return known;
            }
            name = nameOf(cause);
            cause = cause.getCause();
        }
        return name;
    }

    private static @Nullable String sentenceOf(Throwable cause) {
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return "no answer in time (does it speak TLS? Does this JVM need a proxy, as by -Dhttps.proxyHost?)";
        }
        if (cause instanceof SSLException) {
            return "no TLS with it: does this JVM trust its certificate? (" + nameOf(cause) + ")";
        }
        if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
            return "the name of its host is not known here (" + nameOf(cause) + ")";
        }
        return cause instanceof ConnectException && !hasUnresolved(cause)
                ? "no connection to it (" + nameOf(cause) + ")"
                : null;
    }

    private static String nameOf(Throwable failure) {
        return failure.getClass().getSimpleName();
    }

    private static boolean hasUnresolved(Throwable failure) {
        return failure.getCause() instanceof UnresolvedAddressException;
    }
}
