package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.redis.RedisSessionStore;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.token.VerifiedToken;
import io.lettuce.core.RedisClient;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * How long after {@code revoke} on one node another node refuses the session, against the delay of a bare hint between
 * two connections of the same drivers. Both are watched in the same way: by a thread that looks again and again.
 */
final class PropagationMeasurement {
    private static final int WARM_UP = 10;
    /** Behind a hint a node reads 250 to 300 ms later at the soonest; each is to come alone. */
    private static final Duration PAUSE = Duration.ofMillis(310);

    private PropagationMeasurement() {}

    static void run(Report report, int rounds) {
        try {
            report(report, "postgres", "NOTIFY", bare(rounds, BareNotify.open()), onPostgres(rounds));
            report(report, "redis", "pub/sub", bare(rounds, BarePublish.open()), onRedis(rounds));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void report(Report report, String server, String hint, Watched bare, Watched ours) {
        String name = "propagation." + server;
        for (int percent : new int[] {50, 99}) {
            Figure base = bare.fromCall().figure(percent).in(1e6);
            report.alone("hint." + server + ".p" + percent, base, "ms");
            report.times(
                    name + ".p" + percent, ours.fromReturn().figure(percent).in(1e6), "ms", hint, base);
            report.times(
                    name + ".call.p" + percent, ours.fromCall().figure(percent).in(1e6), "ms", hint, base);
        }
    }

    private static Watched onPostgres(int rounds) {
        try (HikariDataSource first = Servers.pool(4);
                HikariDataSource second = Servers.pool(4);
                JdbcSessionStore one = CurfewStores.onPostgres(first, "propagation_");
                JdbcSessionStore other = CurfewStores.onPostgres(second, "propagation_")) {
            return between(one, other, rounds);
        }
    }

    private static Watched onRedis(int rounds) {
        RedisClient first = Servers.redis();
        RedisClient second = Servers.redis();
        try (RedisSessionStore one = CurfewStores.onRedis(first, "propagation");
                RedisSessionStore other = CurfewStores.onRedis(second, "propagation")) {
            return between(one, other, rounds);
        } finally {
            first.shutdown();
            second.shutdown();
        }
    }

    private static Watched between(SessionStore one, SessionStore other, int rounds) {
        List<VerifiedToken> tokens = new TokenIssuer(SigningKey.of("HS256")).verified("moving-", WARM_UP + rounds);
        List<RevocationRequest> requests = new ArrayList<>();
        SecureRandom random = new SecureRandom();
        for (VerifiedToken token : tokens) {
            SessionId session = (SessionId) token.session().orElseThrow().handle();
            requests.add(RevocationRequest.of(
                            RevocationTarget.session(SessionRef.of(token.realm(), session)), OperationId.random(random))
                    .because(RevocationReason.USER_LOGOUT, Actor.user())
                    .build());
        }
        try (Node here = Node.on(one, CurfewStores.settings());
                Node there = Node.on(other, CurfewStores.settings())) {
            SessionStore store = here.replica().store();
            return watch(
                    rounds,
                    i -> store.revoke(requests.get(i), Precondition.none(), Instant.now()),
                    i -> there.checker().checkNow(tokens.get(i)).outcome() == Outcome.REVOKED);
        }
    }

    private static Watched bare(int rounds, BareHint hint) {
        try (hint) {
            return watch(rounds, i -> hint.send(), i -> hint.received() > i);
        }
    }

    private static Watched watch(int rounds, IntConsumer act, IntPredicate isSeen) {
        Watcher watcher = new Watcher(isSeen);
        long[] fromCall = new long[rounds];
        long[] fromReturn = new long[rounds];
        try (watcher) {
            for (int i = 0; i < WARM_UP + rounds; i++) {
                Waits.sleep(PAUSE);
                watcher.begin(i);
                long called = System.nanoTime();
                act.accept(i);
                long returned = System.nanoTime();
                long seen = watcher.awaitSeen();
                if (i >= WARM_UP) {
                    fromCall[i - WARM_UP] = seen - called;
                    fromReturn[i - WARM_UP] = Math.max(0, seen - returned);
                }
            }
        }
        return new Watched(new Durations(fromCall), new Durations(fromReturn));
    }

    /** How long after the call, and how long after its return, what it did was seen elsewhere. */
    private record Watched(Durations fromCall, Durations fromReturn) {}
}
