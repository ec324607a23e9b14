package dev.curfew.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node makes of acts that are open for a while, of a birth that is renewed, and of a feed that needs upkeep. */
@Timeout(60)
class FeedFollowingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OWED = 400;

    /** So many acts are recorded at once. */
    private static final int BATCH = 20;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final SessionStore real = InMemorySessionStore.create();
    private final WatchedStore store = new WatchedStore(real);
    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);
    private final SubjectId alice = tokens.subject("alice");
    private final RevocationTarget target = RevocationTarget.subject(alice);
    private final LookupKey act = new LookupKey(1, 2);
    private final LookupKey otherAct = new LookupKey(3, 4);
    private final RevocationReplica replica;
    private final TokenRevocationChecker checker;

    FeedFollowingTest() {
        real.open(Given.SETTINGS, Given.BIRTH);
        replica = start(store);
        checker = replica.checker().build();
        store.takeCalls();
    }

    private RevocationReplica start(SessionStore of) {
        return RevocationReplica.of(of, Given.SETTINGS)
                .clock(clock, clock.ticker())
                .staleness(Duration.ofHours(1), Duration.ofMinutes(20))
                .patience(PATIENCE, 64)
                .start();
    }

    @AfterEach
    void close() {
        replica.close();
    }

    private VerifiedToken token() {
        return token(SessionId.mint(alice, clock.instant(), RANDOM));
    }

    private VerifiedToken token(SessionId session) {
        return tokens.draft("alice").with("sid", session.value()).verified();
    }

    private Outcome outcome(VerifiedToken token) {
        return checker.checkNow(token).outcome();
    }

    private static Revocation.Builder open(RevocationTarget of) {
        return Revocation.of(of)
                .issuedBefore(Revocation.NEVER)
                .revokedAt(Given.NOW)
                .forgetAfter(Revocation.NEVER);
    }

    private Revocation closedAt(Instant instant) {
        return Revocation.of(target)
                .issuedBefore(instant)
                .revokedAt(Given.NOW)
                .forgetAfter(instant.plus(Duration.ofDays(100)))
                .build();
    }

    /** A complete read that brings these, after what the store has. */
    private void read(FeedEntry... more) {
        store.changeReads(answer -> {
            if (!(answer instanceof FeedRead.Page page)) {
                return answer;
            }
            List<FeedEntry> entries = new ArrayList<>(page.entries());
            entries.addAll(List.of(more));
            return new FeedRead.Page(entries, page.next(), page.isCaughtUp(), 0, page.times());
        });
        assertThat(replica.catchUp(PATIENCE)).isTrue();
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("it never came");
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void while_an_act_is_open_everything_of_its_target_is_covered_but_the_exempt_session() {
        SessionId spared = SessionId.mint(alice, clock.instant(), RANDOM);
        FeedEntry opened = new FeedEntry.Opened(
                act,
                open(target)
                        .exempt(ExemptSession.of(SessionRef.of(Given.REALM, spared)))
                        .build());
        VerifiedToken before = token();
        assertThat(outcome(before)).isEqualTo(Outcome.ACTIVE);

        for (int i = 0; i < 3; i++) {
            read(opened);
            assertThat(outcome(before)).isEqualTo(Outcome.REVOKED);
            assertThat(outcome(token(spared))).isEqualTo(Outcome.ACTIVE);
            assertThat(outcome(tokens.draft("bob").verified())).isEqualTo(Outcome.ACTIVE);
            clock.advance(Duration.ofMinutes(1));
            assertThat(outcome(token())).as("a later login").isEqualTo(Outcome.REVOKED);
        }
        assertThat(replica.recent()).as("what is to be recorded again").isEmpty();
        assertThat(replica.store().newestCutOff(alice, clock.instant())).isBefore(Given.NOW);
    }

    /** Reads behind each batch would cost a store that has just come back more than what a hundred nodes owe it. */
    @Test
    void what_is_owed_is_recorded_batch_after_batch_without_a_read_behind_each() {
        owe();
        store.before(verb -> {});

        assertThat(replica.catchUp(PATIENCE)).isTrue();
        await(() -> replica.status().unrecorded() == 0);

        // The clock stands still and the poll is twenty minutes away, so that of all hints one at most is followed.
        assertThat(store.takeCalls().stream().filter("readAfter"::equals)).hasSizeLessThan(OWED / BATCH / 2);
        assertThat(real.newestCutOff(tokens.subject("owed-" + (OWED - 1)), clock.instant()))
                .isAfter(Given.NOW);
    }

    @Test
    void a_read_that_somebody_awaits_meanwhile_is_one_and_not_one_behind_each_batch() {
        owe();
        AtomicInteger recorded = new AtomicInteger();
        Thread asking = new Thread(() -> replica.catchUp(PATIENCE), "asking");
        store.before(verb -> {
            if (verb.equals("revoke") && recorded.incrementAndGet() == 30) {
                asking.start();
                await(() -> asking.getState() == Thread.State.TIMED_WAITING);
            }
        });

        assertThat(replica.catchUp(PATIENCE)).isTrue();
        await(() -> replica.status().unrecorded() == 0);

        assertThat(recorded).hasValueGreaterThanOrEqualTo(OWED);
        assertThat(store.takeCalls().stream().filter("readAfter"::equals)).hasSizeLessThan(OWED / BATCH / 2);
    }

    /** The store answers no revocation, and the node owes it a few hundred. */
    private void owe() {
        store.before(verb -> {
            if (verb.equals("revoke")) {
                throw new StoreUnavailableException("revoke", null);
            }
        });
        for (int i = 0; i < OWED; i++) {
            RevocationTarget owed = RevocationTarget.subject(tokens.subject("owed-" + i));
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() ->
                            replica.store().revoke(Given.act(owed).build(), Precondition.none(), clock.instant()));
        }
        assertThat(replica.status().unrecorded()).isEqualTo(OWED);
        store.takeCalls();
    }

    @Test
    void a_closed_act_covers_what_its_instants_say_and_nothing_later() {
        VerifiedToken before = token();
        read(new FeedEntry.Opened(act, open(target).build()));
        clock.advance(Duration.ofMinutes(1));
        VerifiedToken after = token();
        assertThat(outcome(after)).isEqualTo(Outcome.REVOKED);
        Revocation closed = closedAt(Given.NOW.plusSeconds(2));

        read(new FeedEntry.Closed(act, closed, false));

        assertThat(outcome(before)).isEqualTo(Outcome.REVOKED);
        assertThat(outcome(after)).isEqualTo(Outcome.ACTIVE);
        assertThat(replica.recent()).containsExactly(closed);
        read();
        assertThat(replica.status().unrecorded()).isZero();
        assertThat(outcome(after)).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void an_act_that_is_met_open_after_it_was_met_closed_is_closed() {
        Revocation closed = closedAt(Given.NOW.plusSeconds(2));
        read(new FeedEntry.Closed(act, closed, false));
        read(new FeedEntry.Opened(act, open(target).build()));
        clock.advance(Duration.ofMinutes(1));

        assertThat(outcome(token())).isEqualTo(Outcome.ACTIVE);
        read();
        assertThat(store.takeCalls()).doesNotContain("record");
    }

    @Test
    void each_of_two_open_acts_of_one_target_ends_for_itself() {
        FeedEntry opened = new FeedEntry.Opened(act, open(target).build());
        FeedEntry other = new FeedEntry.Opened(otherAct, open(target).build());
        read(opened, other);
        clock.advance(Duration.ofMinutes(1));
        VerifiedToken later = token();

        read(other, new FeedEntry.Closed(act, closedAt(Given.NOW.plusSeconds(2)), false));
        assertThat(outcome(later)).isEqualTo(Outcome.REVOKED);

        read(new FeedEntry.Closed(otherAct, closedAt(Given.NOW.plusSeconds(3)), false));
        assertThat(outcome(later)).isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void an_open_act_that_a_complete_read_does_not_bring_again_is_recorded_closed_now() {
        VerifiedToken before = token();
        read(new FeedEntry.Opened(act, open(target).build()));
        clock.advance(Duration.ofMinutes(1));
        Instant now = clock.instant();

        read();

        assertThat(outcome(before)).isEqualTo(Outcome.REVOKED);
        await(() -> real.newestCutOff(alice, clock.instant()).equals(now.plus(Given.SETTINGS.nodeSkew())));
        await(() -> replica.status().unrecorded() == 0);
        assertThat(outcome(before)).isEqualTo(Outcome.REVOKED);
        clock.advance(Duration.ofMinutes(1));
        assertThat(outcome(token())).as("a login after that").isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void a_birth_that_is_renewed_is_a_gap_and_what_the_node_remembers_is_recorded_again() {
        real.revoke(Given.act(target).build(), Precondition.none(), clock.instant());
        assertThat(replica.catchUp(PATIENCE)).isTrue();
        clock.advance(Duration.ofMinutes(1));
        VerifiedToken older = tokens.draft("bob").verified();
        clock.advance(Duration.ofMinutes(1));
        store.takeCalls();
        List<Revocation> received = new CopyOnWriteArrayList<>();
        replica.whenReceived((entries, at) -> received.addAll(entries));

        Revocation birth = RevocationRequest.birth(0, 1, clock.instant(), Given.SETTINGS);
        read(new FeedEntry.Revoked(birth));

        assertThat(outcome(older)).isEqualTo(Outcome.REVOKED);
        assertThat(received).as("it ends what is older").containsExactly(birth);
        await(() -> store.takeCalls().contains("record"));
        assertThat(replica.meters())
                .filteredOn(meter -> meter.name().equals("curfew.feed.gaps"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Meter.Counter.class,
                        gaps -> assertThat(gaps.count().getAsLong()).isEqualTo(1));
    }

    /** Whose upkeep goes on for as long as it may. */
    @Test
    void a_follower_is_read_and_kept_up_until_somebody_waits_for_the_next_read() {
        AtomicInteger upkeeps = new AtomicInteger();
        RevocationFeed follower = new RevocationFeed() {
            @Override
            public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
                return real.feed().readAfter(position, limit, now);
            }

            @Override
            public void upkeep(Instant now, BooleanSupplier goesOn) {
                upkeeps.incrementAndGet();
                while (goesOn.getAsBoolean()) {
                    Thread.onSpinWait();
                }
            }
        };
        RevocationFeed feed = new RevocationFeed() {
            @Override
            public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
                throw new AssertionError("only its followers are read");
            }

            @Override
            public RevocationFeed follower() {
                return follower;
            }
        };
        SessionStore fed = (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(), new Class<?>[] {SessionStore.class}, (proxy, verb, arguments) -> {
                    try {
                        return verb.getName().equals("feed") ? feed : verb.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        try (RevocationReplica following = start(fed)) {
            for (int i = 1; i < 20; i++) {
                int sofar = i;
                await(() -> upkeeps.get() >= sofar);
                assertThat(following.catchUp(PATIENCE)).isTrue();
            }
        }
    }
}
