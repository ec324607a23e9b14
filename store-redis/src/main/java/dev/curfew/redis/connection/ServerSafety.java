package dev.curfew.redis.connection;

import dev.curfew.redis.server.ServerCheck;
import dev.curfew.redis.server.UnsafeServerException;
import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether the server may evict or lose what it acknowledged: CONFIG tells, or INFO where CONFIG is forbidden. */
public final class ServerSafety {
    private static final Logger LOG = LoggerFactory.getLogger(ServerSafety.class);

    private ServerSafety() {}

    public static void check(ServerCheck check, RedisPort port, BoundedCalls calls) {
        if (check == ServerCheck.NONE) {
            return;
        }
        Optional<Settings> told = unlessRefused(() -> ofConfig(port, calls));
        if (told.isEmpty()) {
            told = unlessRefused(() -> ofInfo(port, calls));
        }
        List<String> findings = told.map(Settings::findings)
                .orElse(List.of(
                        "it could not be looked at, because neither CONFIG GET nor INFO tells its settings: grant"
                                + " +config|get or +info, or check maxmemory-policy and persistence by hand"));
        for (String finding : findings) {
            if (check == ServerCheck.REFUSE) {
                throw new UnsafeServerException(finding);
            }
            LOG.warn("Redis is not known to be safe for revocations: {}", finding);
        }
    }

    /**
     * What the servers that hold data say, one for each.
     *
     * @param policies what each does when it is full
     * @param logs whether each keeps a log of its writes
     * @param savesNothing whether some server is known to save no snapshots
     */
    private record Settings(List<String> policies, List<Boolean> logs, boolean savesNothing) {
        List<String> findings() {
            Stream<String> evicts = policies.stream().allMatch("noeviction"::equals)
                    ? Stream.empty()
                    : Stream.of("maxmemory-policy is not noeviction, so that a full server forgets revocations");
            Stream<String> forgets = !logs.contains(false)
                    ? Stream.empty()
                    : Stream.of(
                            savesNothing
                                    ? "neither appendonly nor save is on, so that a restart ends every session"
                                    : "appendonly is off, so that a restart forgets the last revocations");
            return Stream.concat(evicts, forgets).toList();
        }
    }

    /** Some services answer CONFIG GET with nothing: that tells nothing either. */
    private static Optional<Settings> ofConfig(RedisPort port, BoundedCalls calls) {
        List<String> policies = calls.one("open", () -> port.config("maxmemory-policy"));
        List<String> logs = calls.one("open", () -> port.config("appendonly"));
        List<String> saves = calls.one("open", () -> port.config("save"));
        return policies.isEmpty() || logs.size() != policies.size()
                ? Optional.empty()
                : Optional.of(new Settings(
                        policies,
                        logs.stream().map(log -> !log.equals("no")).toList(),
                        saves.stream().anyMatch(String::isEmpty)));
    }

    /** INFO does not say when snapshots are saved. */
    private static Optional<Settings> ofInfo(RedisPort port, BoundedCalls calls) {
        List<String> memory = calls.one("open", () -> port.info("memory"));
        List<String> policies = values(memory, "maxmemory_policy:");
        List<String> logs = values(calls.one("open", () -> port.info("persistence")), "aof_enabled:");
        return policies.size() != memory.size() || logs.size() != memory.size()
                ? Optional.empty()
                : Optional.of(new Settings(
                        policies, logs.stream().map(log -> !log.equals("0")).toList(), false));
    }

    private static List<String> values(List<String> sections, String name) {
        return sections.stream()
                .flatMap(section -> section.lines()
                        .filter(line -> line.startsWith(name))
                        .limit(1)
                        .map(line -> line.substring(name.length()).strip()))
                .toList();
    }

    private static Optional<Settings> unlessRefused(Supplier<Optional<Settings>> question) {
        try {
            return question.get();
        } catch (StoreUnavailableException e) {
            if (isRefusal(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isRefusal(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(5)
                .anyMatch(RedisCommandExecutionException.class::isInstance);
    }
}
