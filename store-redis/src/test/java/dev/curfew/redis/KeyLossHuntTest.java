package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.Precondition;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each single key of a partition is deleted, in turn, while real threads check, log in and revoke: no revoked token is
 * ever ACTIVE, on a running node, at the store itself, or on a node that starts later.
 */
@Tag("slow")
@Timeout(600)
class KeyLossHuntTest {
    private static final int SUBJECTS = 12;
    private static final int ROUNDS = 2;
    private static final int MOST_CHECKED = 300;
    private static final int LEAST_CHECKS = 10_000;
    private static final Duration STALENESS = Duration.ofSeconds(2);

    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);
    private final Queue<VerifiedToken> revoked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger checks = new AtomicInteger();
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger refusedLogins = new AtomicInteger();
    private volatile boolean isOver;

    @Test
    void no_revoked_token_is_active_whichever_key_is_lost() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisClient client = RedisClient.create(server.uri());
                RedisSessionStore store = node(client);
                RedisSessionStore other = node(client);
                RevocationReplica replica = replica(store);
                RevocationReplica second = replica(other)) {
            for (int i = 0; i < 2 * SUBJECTS; i++) {
                loginAndRevoke(store, i);
            }
            List<CompletableFuture<Void>> running = new ArrayList<>();
            running.add(run(() -> checkAll(replica.checker().clock(clock).build())));
            running.add(run(() -> checkAll(second.checker().clock(clock).build())));
            running.add(run(() -> checkAll(
                    TokenRevocationChecker.authoritative(other).clock(clock).build())));
            running.add(
                    run(() -> loginAndRevoke(store, ThreadLocalRandom.current().nextInt(1_000))));
            running.add(
                    run(() -> loginAndRevoke(other, ThreadLocalRandom.current().nextInt(1_000))));
            try {
                // A quick machine would have lost every key before the first revocation counts.
                Await.until("revoked tokens that count", () -> revoked.size() >= SUBJECTS || isOver);
                loseEachKey(client);
                Await.until("enough checks", () -> checks.get() > LEAST_CHECKS || isOver);
            } finally {
                isOver = true;
            }
            for (CompletableFuture<Void> one : running) {
                one.get();
            }
            assertThat(checks.get()).isGreaterThan(LEAST_CHECKS);
            assertThat(logins.get()).isGreaterThan(100);
            assertThat(refusedLogins.get()).as("refused logins of %s", logins).isLessThan(logins.get());
            assertNewLoginsPass(store);
        }
    }

    /** With a node that starts after each loss, and another login after it. */
    private void loseEachKey(RedisClient client) {
        RedisCommands<String, String> redis = client.connect().sync();
        for (int round = 0; round < ROUNDS; round++) {
            for (String kind : List.of("w", "f", "d", "n", "g", "r", "s", "u", "v", "a")) {
                clock.advance(Duration.ofSeconds(10));
                List<String> keys = redis.keys("curfew:{1}:" + kind + "*");
                // All of a kind only now and then: one alone must be noticed, too.
                keys.subList(0, Math.min(keys.size(), round == 0 ? 1 : keys.size()))
                        .forEach(redis::del);
                try (RedisSessionStore starting = node(client);
                        RevocationReplica late = replica(starting)) {
                    checkAll(late.checker().clock(clock).build());
                    checkAll(TokenRevocationChecker.authoritative(starting)
                            .clock(clock)
                            .build());
                }
            }
        }
    }

    private CompletableFuture<Void> run(Runnable step) {
        return CompletableFuture.runAsync(
                () -> {
                    while (!isOver) {
                        step.run();
                    }
                },
                Stores.OWN_THREADS);
    }

    private void checkAll(TokenRevocationChecker checker) {
        for (VerifiedToken token : revoked) {
            Outcome outcome = checker.check(token).outcome();
            checks.incrementAndGet();
            if (outcome == Outcome.ACTIVE) {
                isOver = true;
                throw new AssertionError("a revoked token is active");
            }
        }
    }

    private void loginAndRevoke(RedisSessionStore store, int number) {
        SubjectId subject = Given.subject("subject-" + number % SUBJECTS);
        Instant now = clock.instant();
        try {
            Instant begins = later(now, store.newestCutOff(subject, now).plusMillis(1));
            GivenSession session = Given.session(subject).began(begins).build();
            VerifiedToken token = tokens.draft(subject.value())
                    .with("sid", session.handle().value())
                    .verified();
            logins.incrementAndGet();
            if (!(store.insert(session.row(), SessionLimit.unlimited(), now) instanceof InsertResult.Inserted)) {
                // A birth came between: it is renewed from the later of the clocks on.
                refusedLogins.incrementAndGet();
                return;
            }
            RevocationTarget target = number % 3 == 0 ? RevocationTarget.subject(subject) : session.target();
            store.revoke(Given.act(target).build(), Precondition.none(), now);
            // Other nodes need not know it before they are stale.
            late.add(new Late(token, System.nanoTime()));
            ripen();
        } catch (StoreUnavailableException e) {
            // Not known to have happened.
        }
    }

    private record Late(VerifiedToken token, long nanos) {}

    private final Queue<Late> late = new ConcurrentLinkedQueue<>();

    private void ripen() {
        for (Late one = late.peek();
                one != null && System.nanoTime() - one.nanos() > STALENESS.toNanos();
                one = late.peek()) {
            if (late.remove(one) && revoked.size() < MOST_CHECKED) {
                revoked.add(one.token());
            }
        }
    }

    private void assertNewLoginsPass(RedisSessionStore store) {
        clock.advance(Duration.ofMinutes(1));
        Instant now = clock.instant();
        for (int i = 0; i < SUBJECTS; i++) {
            SubjectId subject = Given.subject("subject-" + i);
            GivenSession session = Given.session(subject)
                    .began(later(now, store.newestCutOff(subject, now).plusMillis(1)))
                    .build();
            assertThat(store.insert(session.row(), SessionLimit.unlimited(), now))
                    .isInstanceOf(InsertResult.Inserted.class);
            assertThat(store.revocationsCovering(session.token("t"), now)).isEmpty();
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static RedisSessionStore node(RedisClient client) {
        return Stores.opened(RedisSessionStore.on(client).partitions(2));
    }

    private RevocationReplica replica(RedisSessionStore store) {
        return RevocationReplica.of(store, Given.SETTINGS)
                .clock(clock, System::nanoTime)
                .staleness(STALENESS, Duration.ofMillis(250))
                .start();
    }
}
