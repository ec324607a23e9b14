package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.contract.ChildProcess;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two nodes on the same tables, of which one is a process that is stopped under load: the other accepts live tokens
 * throughout, refuses revoked ones, and goes on with logins and revocations.
 */
@Timeout(300)
final class TwinRunTest {
    private static final Duration TOO_LONG = Duration.ofSeconds(60);
    private static final Duration MAX_STALENESS = Duration.ofSeconds(5);
    private static final int FORGOTTEN = 3_000;
    private static final int SAMPLE = 100;

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void a_node_goes_on_while_another_one_is_stopped_at_any_moment(TestDatabase database) throws Exception {
        run(database, twins -> {
            twins.stop(Duration.ofSeconds(3));
            twins.stop(Duration.ofSeconds(3));
            twins.stopWithLocks(Duration.ofSeconds(3));
        });
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void a_node_goes_on_while_another_one_is_stopped_for_half_a_minute(TestDatabase database) throws Exception {
        run(database, twins -> twins.stopWithLocks(Duration.ofSeconds(30)));
    }

    private interface Run {
        void go(Twins twins) throws Exception;
    }

    private static void run(TestDatabase database, Run run) throws Exception {
        String prefix = Stores.prefix();
        prepare(database, prefix);
        TestTokens tokens = TestTokens.ours(Given.REALM, ManualClock.at(Given.NOW));
        try (JdbcSessionStore store = Stores.impatient(database.pool(), prefix);
                SessionService service = TwinNode.service(store, tokens);
                Connection connection = DriverManager.getConnection(database.url());
                Statement beat = connection.createStatement();
                TwinLoad load = TwinLoad.start(
                        service, tokens, () -> beat.executeUpdate("UPDATE " + prefix + "pulse SET n = n + 1"));
                ChildProcess other = ChildProcess.start(TwinNode.class, database.url(), prefix)) {
            Twins twins = new Twins(load, other);
            twins.assertBothAgree();
            run.go(twins);
            other.say(TwinNode.END);
            twins.heard(TwinNode.ENDED);
            load.assertRight();
            assertThat(load.checks()).isGreaterThan(10_000);
        }
    }

    /** Tables that hold what a purge may remove, row by row, and something that is none of the store's business. */
    private static void prepare(TestDatabase database, String prefix) throws SQLException {
        Instant longAgo = Given.NOW.minus(Duration.ofHours(3));
        JdbcSessionStore store = Stores.node(database.pool(), prefix);
        store.migrate();
        store.open(Given.SETTINGS, longAgo);
        List<Revocation> forgotten = new ArrayList<>();
        for (int i = 0; i < FORGOTTEN; i++) {
            forgotten.add(Revocation.of(RevocationTarget.subject(Given.subject("forgotten-" + i)))
                    .because(RevocationReason.USER_LOGOUT, Actor.system())
                    .revokedAt(longAgo)
                    .issuedBefore(longAgo)
                    .forgetAfter(longAgo.plus(Duration.ofHours(1)))
                    .build());
        }
        store.record(forgotten, longAgo);
        Stores.settle(store, longAgo);
        try (Connection connection = DriverManager.getConnection(database.url());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + prefix + "pulse (n INT)");
            statement.execute("INSERT INTO " + prefix + "pulse VALUES (0)");
        }
    }

    /** What is done to the other process while this one is under load. */
    private record Twins(TwinLoad load, ChildProcess other) {
        /** At a moment that nobody chose. */
        void stop(Duration time) throws Exception {
            long begin = System.nanoTime()
                    + Duration.ofMillis(new Random().nextInt(300)).toNanos();
            await(() -> System.nanoTime() - begin >= 0, "that time never comes");
            other.signal("STOP");
            try {
                goOnUntil(System.nanoTime() + time.toNanos());
            } finally {
                other.signal("CONT");
            }
            assertBothAgree();
        }

        /**
         * While it holds these locks, and perhaps more. It does not wake before the server has ended what holds that of
         * the subject.
         */
        void stopWithLocks(Duration time) throws Exception {
            other.say(TwinNode.HOLD);
            for (int i = 0; i < 3; i++) {
                heard("holds ");
            }
            int asked;
            other.signal("STOP");
            long end = System.nanoTime() + time.toNanos();
            try {
                await(() -> load.loginAndRevoke(TwinNode.HELD), "the lock of a stopped process is not given up");
                goOnUntil(end);
                asked = askAboutLongRevoked();
            } finally {
                other.signal("CONT");
            }
            for (int i = 0; i < asked; i++) {
                assertThat(heard(TwinNode.ANSWER)).isNotEqualTo(TwinNode.ANSWER + Outcome.ACTIVE);
            }
            other.say(TwinNode.GO_ON);
            heard("lost LOGIN");
            assertBothAgree();
        }

        private void goOnUntil(long end) {
            long before = load.acts();
            await(() -> System.nanoTime() - end >= 0, "that time never comes");
            await(() -> load.acts() > before + 20, "logins and revocations do not go on");
        }

        /** The first that it does when it wakes: what it knew is too old to let these pass. */
        private int askAboutLongRevoked() throws Exception {
            List<TwinLoad.Prey> asked = some(true).stream()
                    .filter(one -> one.isRevokedSince(MAX_STALENESS))
                    .toList();
            for (TwinLoad.Prey one : asked) {
                ask(one);
            }
            return asked.size();
        }

        /** As soon as it is fresh, it refuses what was revoked here, and accepts what was not. */
        private void assertBothAgree() throws Exception {
            await(() -> !some(true).isEmpty() && !some(false).isEmpty(), "there are no tokens");
            List<TwinLoad.Prey> revoked = some(true);
            other.say(TwinNode.FRESH);
            heard(TwinNode.FRESH);
            for (TwinLoad.Prey one : revoked) {
                assertThat(answerAbout(one)).isEqualTo(TwinNode.ANSWER + Outcome.REVOKED);
            }
            for (TwinLoad.Prey one : some(false)) {
                String answer = answerAbout(one);
                if (!one.isAttempted) {
                    assertThat(answer).isEqualTo(TwinNode.ANSWER + Outcome.ACTIVE);
                }
            }
            load.assertRight();
        }

        private List<TwinLoad.Prey> some(boolean isRevoked) {
            return load.prey().stream()
                    .filter(one -> isRevoked ? one.isDone : !one.isAttempted)
                    .limit(SAMPLE)
                    .toList();
        }

        /** On a busy machine it may fall behind again, and say so. */
        private String answerAbout(TwinLoad.Prey one) throws Exception {
            String answer = TwinNode.ANSWER + Outcome.UNKNOWN;
            for (int i = 0; i < 10 && answer.equals(TwinNode.ANSWER + Outcome.UNKNOWN); i++) {
                ask(one);
                answer = heard(TwinNode.ANSWER);
            }
            return answer;
        }

        private void ask(TwinLoad.Prey one) throws IOException {
            other.say(TwinNode.CHECK + one.session.subject().value() + " "
                    + one.session.handle().value());
        }

        private String heard(String begin) throws InterruptedException {
            String line = other.await(said -> said.startsWith(begin) || said.startsWith(TwinNode.BROKEN));
            assertThat(line).startsWith(begin);
            return line;
        }

        private void await(BooleanSupplier condition, String otherwise) {
            long end = System.nanoTime() + TOO_LONG.toNanos();
            while (!condition.getAsBoolean()) {
                load.assertRight();
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError(otherwise);
                }
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
    }
}
