package dev.curfew.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether the server may evict or lose what it acknowledged. */
final class ServerSafety {
    private static final Logger LOG = LoggerFactory.getLogger(ServerSafety.class);

    private ServerSafety() {}

    static void check(ServerCheck check, RedisPort port, Calls calls) {
        if (check == ServerCheck.NONE) {
            return;
        }
        for (String finding : findings(port, calls)) {
            if (check == ServerCheck.REFUSE) {
                throw new UnsafeServerException(finding);
            }
            LOG.warn("Redis is not safe for revocations: {}", finding);
        }
    }

    private static List<String> findings(RedisPort port, Calls calls) {
        List<String> findings = new ArrayList<>();
        try {
            if (calls.one("open", () -> port.config("maxmemory-policy")).stream()
                    .anyMatch(policy -> !policy.equals("noeviction"))) {
                findings.add("maxmemory-policy is not noeviction, so that a full server forgets revocations");
            }
            boolean keepsNoLog =
                    calls.one("open", () -> port.config("appendonly")).stream().anyMatch("no"::equals);
            boolean savesNothing =
                    calls.one("open", () -> port.config("save")).stream().anyMatch(String::isEmpty);
            if (keepsNoLog) {
                findings.add(
                        savesNothing
                                ? "neither appendonly nor save is on, so that a restart ends every session"
                                : "appendonly is off, so that a restart forgets the last revocations");
            }
        } catch (dev.curfew.store.StoreUnavailableException e) {
            if (isRefusal(e)) {
                findings.add(
                        "it does not tell its settings (CONFIG GET); check maxmemory-policy and persistence by hand");
            } else {
                throw e;
            }
        }
        return findings;
    }

    private static boolean isRefusal(Throwable failure) {
        return Stream.iterate(failure, java.util.Objects::nonNull, Throwable::getCause)
                .limit(5)
                .anyMatch(io.lettuce.core.RedisCommandExecutionException.class::isInstance);
    }
}
