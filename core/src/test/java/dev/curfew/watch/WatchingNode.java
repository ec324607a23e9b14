package dev.curfew.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import dev.curfew.token.Caller;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A node over a store that others may share: its replica, and its watches. */
final class WatchingNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final SecureRandom RANDOM = new SecureRandom();

    final RevocationReplica replica;
    final SessionWatches watches;
    private final ManualClock clock;
    private final TestTokens tokens;

    /** One for each reading of the clock by the thread of the watches, which reads it once a round. */
    private final Semaphore rounds = new Semaphore(0);

    private WatchingNode(
            SessionStore store,
            ManualClock clock,
            UnaryOperator<RevocationReplica.Builder> kept,
            UnaryOperator<SessionWatches.Builder> settings) {
        this.clock = clock;
        this.tokens = TestTokens.ours(Given.REALM, clock);
        this.replica = kept.apply(RevocationReplica.of(store, Given.SETTINGS)
                        .clock(clock, clock.ticker())
                        .patience(PATIENCE, 64))
                .start();
        this.watches = settings.apply(
                        SessionWatches.of(replica, replica.checker().build()).clock(counted()))
                .build();
    }

    /** Which reads the feed when a test says so, and tells on threads of its own. */
    static WatchingNode over(SessionStore store, ManualClock clock) {
        return over(store, clock, settings -> settings);
    }

    /** The same with other settings of the watches. */
    static WatchingNode over(SessionStore store, ManualClock clock, UnaryOperator<SessionWatches.Builder> settings) {
        return new WatchingNode(
                store, clock, replica -> replica.staleness(Duration.ofHours(1), Duration.ofMinutes(20)), settings);
    }

    /** Whose replica is kept as it is by default: it may be five seconds old. */
    static WatchingNode polling(SessionStore store, ManualClock clock) {
        return new WatchingNode(store, clock, replica -> replica, settings -> settings);
    }

    private Clock counted() {
        return new Clock() {
            @Override
            public Instant instant() {
                rounds.release();
                return clock.instant();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }
        };
    }

    /** A token of a new session of a subject. */
    Caller caller(SubjectId subject) {
        return draft(subject).verified();
    }

    TestTokens.Draft draft(SubjectId subject) {
        SessionId session = SessionId.mint(subject, clock.instant(), RANDOM);
        return tokens.draft(subject.value()).with("sid", session.value());
    }

    TestTokens tokens() {
        return tokens;
    }

    /** Reads what the others have recorded; again while it pauses after a failure. */
    void catchUp() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!replica.catchUp(PATIENCE)) {
            assertThat(System.nanoTime()).as("the store is back").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    /** Waits until the thread of the watches has gone round: what was due is found out. */
    void goRound() {
        rounds.drainPermits();
        for (int seen = 0, tries = 0; seen < 3; tries++) {
            assertThat(tries).as("rounds").isLessThan((int) PATIENCE.toSeconds());
            seen += roundsWithin(Duration.ofSeconds(1));
        }
    }

    /** While there is no watch, the thread rests until there is one, also if that one is revoked. */
    private int roundsWithin(Duration time) {
        try (SessionWatch watch = watches.watch(caller(tokens.subject("nobody")), news -> {})) {
            assertThat(watch).isNotNull();
            return rounds.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS) ? 1 : 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits until nothing is left of any watch. */
    void awaitTidy() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!watches.isTidy()) {
            assertThat(System.nanoTime()).as("all is tidied up").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        watches.close();
        replica.close();
    }
}
