package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.redis.RedisSessionStore;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.SessionStore;
import io.lettuce.core.RedisClient;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long it takes a store to say what covers a session, to find one, and to end a thousand, beside the least that its
 * server can do. They take turns.
 */
final class VerbMeasurement {
    private static final int SESSIONS = 256;
    private static final int OF_ONE_SUBJECT = 1_000;
    private static final int WARM_UPS = 100;

    private VerbMeasurement() {}

    /** {@code ends} is how many subjects are made whose sessions end. */
    static void run(Report report, int shots, int ends) {
        onPostgres(report, shots, ends);
        onRedis(report, shots, ends);
    }

    private static void onPostgres(Report report, int shots, int ends) {
        try (HikariDataSource pool = Servers.pool(2);
                JdbcSessionStore store = CurfewStores.onPostgres(pool, "verb_");
                BareCommands.OnPostgres bare = BareCommands.OnPostgres.open()) {
            reads(report, "postgres", store, shots, "primary-key SELECT", bare::select);
            try (SessionKeeper keeper = CurfewStores.keeperOnPostgres()) {
                ends(report, "postgres", keeper, ends, "bare INSERT with commit", bare::insert);
            }
        }
    }

    private static void onRedis(Report report, int shots, int ends) {
        RedisClient client = Servers.redis();
        try (RedisSessionStore store = CurfewStores.onRedis(client, "verb");
                BareCommands.OnRedis bare = BareCommands.OnRedis.open(client)) {
            reads(report, "redis", store, shots, "EXISTS", bare::exists);
            try (SessionKeeper keeper = CurfewStores.keeperOnRedis()) {
                ends(report, "redis", keeper, ends, "bare EVALSHA", bare::script);
            }
        } finally {
            client.shutdown();
        }
    }

    private static void reads(
            Report report, String server, SessionStore store, int shots, String peer, Alternation.Act bare) {
        List<Known> sessions = fill(store);
        Durations[] took = Alternation.of(
                shots,
                bare,
                () -> {
                    if (!store.revocationsCovering(any(sessions).facts(), Instant.now())
                            .isEmpty()) {
                        throw new IllegalStateException("a session is revoked");
                    }
                },
                () -> {
                    if (store.find(any(sessions).ref(), Instant.now()).isEmpty()) {
                        throw new IllegalStateException("a session is gone");
                    }
                });
        Figure base = took[0].figure(50).in(1e3);
        report.times("covering." + server, took[1].figure(50).in(1e3), "us", peer, base);
        report.times("find." + server, took[2].figure(50).in(1e3), "us", peer, base);
    }

    /** Each shot ends the sessions of another subject. */
    private static void ends(
            Report report, String server, SessionKeeper keeper, int ends, String peer, Alternation.Act bare) {
        RevokeAllMeasurement.shots(keeper, 5, WARM_UPS);
        Queue<String> subjects = new ArrayDeque<>();
        for (int i = 0; i < ends + Math.min(ends, Alternation.MOST_WARM_UPS); i++) {
            String subject = "ending-" + i;
            keeper.begin(subject, OF_ONE_SUBJECT);
            subjects.add(subject);
        }
        Durations[] took = Alternation.of(ends, bare, () -> keeper.endAll(subjects.remove()));
        Figure base = took[0].figure(50).in(1e3);
        report.times("revokeall.1000." + server, took[1].figure(50).in(1e3), "us", peer, base);
    }

    private static List<Known> fill(SessionStore store) {
        SecureRandom random = new SecureRandom();
        List<Known> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            SubjectId subject = new SubjectId(TokenIssuer.REALM, "asked-" + i);
            SessionRef session = CurfewKeeper.begin(store, subject, random);
            FoundSession found = store.find(session, Instant.now()).orElseThrow();
            sessions.add(new Known(session, found.session().facts()));
        }
        return sessions;
    }

    private static Known any(List<Known> sessions) {
        return sessions.get(ThreadLocalRandom.current().nextInt(sessions.size()));
    }

    /** A session that stands there. */
    private record Known(SessionRef ref, TokenFacts facts) {}
}
