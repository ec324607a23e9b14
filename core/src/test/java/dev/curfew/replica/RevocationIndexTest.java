package dev.curfew.replica;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.curfew.check.RevocationDecision;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the index owes beyond the rule: it loses nothing, holds up nobody, and keeps its promises about memory. */
class RevocationIndexTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long MILLIS = NOW.toEpochMilli();
    private static final Realm REALM = Realm.of("shop");
    private static final LookupKey REALM_KEY = REALM.key();

    private final RevocationIndex index =
            new RevocationIndex(new RevokedDecisions(Duration.ofSeconds(5)), new ReplicaListeners());
    private final Random random = new Random(7);

    private LookupKey key() {
        return new LookupKey(random.nextLong(), random.nextLong());
    }

    private static Revocation revocation(Kind kind, LookupKey key, Instant forgetAfter) {
        return Revocation.of(new RevocationTarget(kind, key, REALM_KEY, 0))
                .because(RevocationReason.USER_LOGOUT, Actor.user())
                .revokedAt(NOW)
                .issuedBefore(NOW)
                .forgetAfter(forgetAfter)
                .build();
    }

    @Test
    void of_what_it_holds_in_full_it_names_the_one_recorded_first_however_the_entries_came() {
        for (long seed = 0; seed < 300; seed++) {
            Random drawn = new Random(seed * 0x9E3779B97F4A7C15L);
            RevocationIndex filled =
                    new RevocationIndex(new RevokedDecisions(Duration.ofSeconds(5)), new ReplicaListeners());
            LookupKey subject = key();
            List<Revocation> entries = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                entries.add(Revocation.of(
                                drawn.nextBoolean()
                                        ? new RevocationTarget(Kind.SUBJECT, subject, REALM_KEY, 0)
                                        : RevocationTarget.realm(REALM))
                        .because(
                                drawn.nextBoolean() ? RevocationReason.USER_LOGOUT : RevocationReason.POLICY,
                                drawn.nextBoolean() ? Actor.user() : Actor.system())
                        .revokedAt(NOW.plusMillis(drawn.nextInt(2)))
                        .issuedBefore(NOW.plusSeconds(9))
                        .forgetAfter(NOW.plusSeconds(60))
                        .build());
            }

            entries.forEach(entry -> filled.add(entry, NOW));

            assertThat(filled.find(facts(key(), subject), MILLIS).reason())
                    .as("seed %s", seed)
                    .contains(
                            Collections.min(entries, Revocation.recordedFirst()).reason());
        }
    }

    private static TokenFacts facts(LookupKey session, LookupKey subject) {
        return TokenFacts.ofSession(REALM_KEY, session, subject, null, NOW.plusSeconds(5), 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 100_000})
    void finds_all_that_was_added_and_nothing_else(int entries) {
        List<LookupKey> keys = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            LookupKey key = key();
            keys.add(key);
            index.add(revocation(Kind.SESSION, key, NOW.plusSeconds(60)), NOW);
        }

        assertThat(keys)
                .allSatisfy(
                        key -> assertThat(index.find(facts(key, key()), MILLIS)).isNotNull());
        for (int i = 0; i < 100_000; i++) {
            assertThat(index.find(facts(key(), key()), MILLIS)).isNull();
        }
        assertThat(index.size()).isEqualTo(entries);
    }

    @Test
    void an_entry_is_found_until_the_minute_in_which_it_is_forgotten_is_over() {
        LookupKey key = key();
        index.add(revocation(Kind.SESSION, key, NOW.plusSeconds(30)), NOW);

        assertThat(index.find(facts(key, key()), MILLIS + 29_999)).isNotNull();
        assertThat(index.find(facts(key, key()), MILLIS + 59_999)).isNotNull();
        assertThat(index.find(facts(key, key()), MILLIS + 60_000)).isNull();
    }

    @Test
    void the_later_end_counts_whichever_comes_first() {
        LookupKey key = key();
        for (int seconds : new int[] {60, 600, 120}) {
            index.add(revocation(Kind.SESSION, key, NOW.plusSeconds(seconds)), NOW);
        }

        assertThat(index.find(facts(key, key()), MILLIS + 599_000)).isNotNull();
        assertThat(index.find(facts(key, key()), MILLIS + 600_000)).isNull();
    }

    @Test
    void what_never_ends_never_ends() {
        LookupKey key = key();
        index.add(revocation(Kind.SESSION, key, Revocation.NEVER), NOW);

        assertThat(index.find(facts(key, key()), Revocation.NEVER.toEpochMilli()))
                .isNotNull();
    }

    @Test
    void sweeping_gives_back_the_room_of_what_is_forgotten_and_of_nothing_else() {
        List<LookupKey> lasting = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            LookupKey key = key();
            boolean lasts = i % 2 == 0;
            Kind kind = i % 4 < 2 ? Kind.SESSION : Kind.SUBJECT;
            index.add(revocation(kind, key, NOW.plusSeconds(lasts ? 600 : 60)), NOW);
            if (lasts && kind == Kind.SESSION) {
                lasting.add(key);
            }
        }

        for (int step = 0; step < 200; step++) {
            index.sweep(NOW.plusSeconds(3_600 + 300));
        }

        assertThat(index.size()).isEqualTo(5_000);
        assertThat(index.cutOffsAndKeys()).hasSize(2_500);
        assertThat(lasting)
                .allSatisfy(key -> assertThat(index.find(facts(key, key()), MILLIS + 300_000))
                        .isNotNull());
    }

    /** A clock that runs ahead forgets nothing for good, if it is set right within an hour. */
    @Test
    void what_a_clock_that_ran_ahead_forgot_is_there_again_when_it_is_set_back() {
        LookupKey swept = key();
        LookupKey added = key();
        Instant ahead = NOW.plusSeconds(3_000);
        index.add(revocation(Kind.SESSION, swept, NOW.plusSeconds(60)), NOW);
        index.add(revocation(Kind.SUBJECT, swept, NOW.plusSeconds(60)), NOW);
        index.add(revocation(Kind.SESSION, added, NOW.plusSeconds(60)), ahead);
        for (int step = 0; step < 200; step++) {
            index.sweep(ahead);
        }
        assertThat(index.find(facts(swept, key()), ahead.toEpochMilli())).isNull();

        assertThat(index.find(facts(swept, key()), MILLIS)).isNotNull();
        assertThat(index.find(facts(added, key()), MILLIS)).isNotNull();
        assertThat(index.cutOffsAndKeys()).hasSize(1);
    }

    @Test
    void a_clock_in_the_distant_past_finds_what_is_revoked() {
        LookupKey key = key();
        Instant past = Instant.parse("2011-03-22T18:43:00Z");
        index.add(revocation(Kind.SESSION, key, past.plusSeconds(60)), past);

        assertThat(index.find(facts(key, key()), past.toEpochMilli())).isNotNull();
    }

    @Test
    void adding_twice_changes_nothing_the_second_time() {
        Revocation session = revocation(Kind.SESSION, key(), NOW.plusSeconds(60));
        Revocation subject = revocation(Kind.SUBJECT, key(), NOW.plusSeconds(60));

        assertThat(index.addAll(List.of(session, subject, session, subject), NOW))
                .containsExactly(session, subject);
        assertThat(index.addAll(List.of(subject, session), NOW)).isEmpty();
    }

    @Test
    void a_partition_without_a_birth_is_not_known() {
        TokenFacts inSecond = TokenFacts.ofSession(REALM_KEY, key(), key(), null, NOW.plusSeconds(60), 1);
        assertThat(index.knowsBirthOf(inSecond)).isFalse();

        index.add(RevocationRequest.birth(0, 2, NOW, StoreSettings.defaults()), NOW);
        assertThat(index.knowsBirthOf(inSecond)).isFalse();

        index.add(RevocationRequest.birth(1, 2, NOW, StoreSettings.defaults()), NOW);
        assertThat(index.knowsBirthOf(inSecond)).isTrue();
        assertThat(index.find(inSecond, MILLIS)).isNull();
    }

    @Test
    void a_partition_that_is_born_again_covers_what_began_before() {
        TokenFacts before = TokenFacts.ofSession(REALM_KEY, key(), key(), null, NOW.plusSeconds(60), 1);
        index.add(RevocationRequest.birth(1, 2, NOW, StoreSettings.defaults()), NOW);
        assertThat(index.find(before, MILLIS)).isNull();

        index.add(RevocationRequest.birth(1, 2, NOW.plusSeconds(60), StoreSettings.defaults()), NOW);
        index.add(RevocationRequest.birth(1, 2, NOW, StoreSettings.defaults()), NOW);

        RevocationDecision decision = index.find(before, MILLIS);
        assertThat(decision).isNotNull();
        assertThat(decision.reason()).contains(RevocationReason.STORE_CREATED);
    }

    @Test
    void knows_the_newest_cut_off_of_a_subject() {
        SubjectId alice = new SubjectId(REALM, "alice");
        Instant[] instants = {NOW.plusSeconds(1), NOW.plusSeconds(2), NOW.plusSeconds(3)};
        RevocationTarget[] targets = {
            RevocationTarget.subject(alice),
            RevocationTarget.realm(REALM),
            RevocationTarget.client(new ClientId(REALM, "web"))
        };
        index.add(cutOff(RevocationTarget.realm(Realm.of("other")), NOW.plusSeconds(9)), NOW);
        index.add(cutOff(RevocationTarget.client(new ClientId(Realm.of("other"), "web")), NOW.plusSeconds(9)), NOW);
        assertThat(index.newestCutOff(alice.key(), REALM_KEY)).isEqualTo(Instant.EPOCH);

        for (int i = 0; i < targets.length; i++) {
            index.add(cutOff(targets[i], instants[i]), NOW);
            assertThat(index.newestCutOff(alice.key(), REALM_KEY)).isEqualTo(instants[i]);
        }
    }

    @Test
    void knows_the_newest_cut_off_that_may_have_pushed_the_login_of_a_foreign_session_ahead() {
        SubjectId alice = new SubjectId(REALM, "alice");
        ForeignSessionId sid = new ForeignSessionId("sid");
        RevocationTarget routed = RevocationTarget.session(SessionRef.of(alice, sid));
        RevocationTarget unrouted = RevocationTarget.session(SessionRef.ofUnknownSubject(REALM, sid));
        index.add(cutOff(RevocationTarget.subject(alice), NOW.plusSeconds(1)), NOW);
        index.add(cutOff(RevocationTarget.subject(new SubjectId(REALM, "bob")), NOW.plusSeconds(2)), NOW);
        index.add(cutOff(RevocationTarget.realm(Realm.of("other")), NOW.plusSeconds(9)), NOW);
        index.add(cutOff(routed, NOW.plusSeconds(9)), NOW);

        assertThat(index.newestCutOff(routed)).isEqualTo(NOW.plusSeconds(1));
        assertThat(index.newestCutOff(unrouted)).isEqualTo(NOW.plusSeconds(2));

        index.add(cutOff(RevocationTarget.client(new ClientId(REALM, "web")), NOW.plusSeconds(3)), NOW);
        assertThat(index.newestCutOff(routed)).isEqualTo(NOW.plusSeconds(3));
        assertThat(index.newestCutOff(unrouted)).isEqualTo(NOW.plusSeconds(3));
    }

    private static Revocation cutOff(RevocationTarget target, Instant issuedBefore) {
        return Revocation.of(target)
                .revokedAt(NOW)
                .issuedBefore(issuedBefore)
                .forgetAfter(NOW.plus(Duration.ofDays(1)))
                .build();
    }

    /** All reasons must fit into the note of an entry. */
    @Test
    void every_reason_survives() {
        for (RevocationReason reason : RevocationReason.values()) {
            LookupKey key = key();
            index.add(
                    Revocation.of(new RevocationTarget(Kind.SESSION, key, REALM_KEY, 0))
                            .because(reason, Actor.system())
                            .revokedAt(NOW)
                            .forgetAfter(NOW.plusSeconds(60))
                            .build(),
                    NOW);
            RevocationDecision decision = index.find(facts(key, key()), MILLIS);
            assertThat(decision).isNotNull();
            assertThat(decision.reason()).contains(reason);
        }
    }

    /** Also for a subject that has a cut-off, of a session begun after it or spared by it. */
    @Test
    void a_check_allocates_nothing() {
        SubjectId alice = new SubjectId(REALM, "alice");
        LookupKey current = key();
        index.add(RevocationRequest.birth(0, 1, NOW, StoreSettings.defaults()), NOW);
        index.add(
                Revocation.of(RevocationTarget.subject(alice))
                        .exempt(ExemptSession.stored(current, NOW))
                        .revokedAt(NOW)
                        .forgetAfter(NOW.plusSeconds(60))
                        .build(),
                NOW);
        for (int i = 0; i < 1_000; i++) {
            index.add(revocation(Kind.SESSION, key(), NOW.plusSeconds(60)), NOW);
        }
        TokenFacts spared = TokenFacts.ofSession(REALM_KEY, current, alice.key(), null, NOW.plusSeconds(5), 0);
        TokenFacts stranger = facts(key(), key());
        ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        check(spared, stranger, 50_000);

        long before = threads.getThreadAllocatedBytes(id);
        check(spared, stranger, 100_000);
        long allocated = threads.getThreadAllocatedBytes(id) - before;

        assertThat(allocated).as("bytes for 200,000 checks").isLessThan(100_000);
    }

    private void check(TokenFacts spared, TokenFacts stranger, int times) {
        for (int i = 0; i < times; i++) {
            if (index.find(spared, MILLIS) != null || index.find(stranger, MILLIS) != null) {
                throw new AssertionError("neither is revoked");
            }
        }
    }

    /**
     * One writer adds, expires and sweeps as fast as it can, so that segments grow and shrink all the time; readers ask
     * for what is known to be there. A single miss is a revoked token that passed.
     */
    @Test
    @Timeout(60)
    void readers_never_miss_an_entry_while_the_index_grows_and_shrinks()
            throws InterruptedException, ExecutionException {
        int entries = 300_000;
        LookupKey[] keys = new LookupKey[entries];
        for (int i = 0; i < entries; i++) {
            keys[i] = key();
        }
        AtomicInteger added = new AtomicInteger();
        AtomicLong checks = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        LookupKey nobody = key();
        ExecutorService pool = Executors.newFixedThreadPool(3);
        List<Future<Boolean>> readers = new ArrayList<>();
        for (int reader = 0; reader < 3; reader++) {
            int seed = reader;
            readers.add(pool.submit(() -> {
                Random own = new Random(seed);
                while (!done.get()) {
                    int known = added.get();
                    for (int i = 0; known > 0 && i < 1_000; i++) {
                        int at =
                                own.nextInt(2) == 0 ? known - 1 - own.nextInt(Math.min(known, 64)) : own.nextInt(known);
                        if (index.find(facts(keys[at], nobody), MILLIS) == null) {
                            throw new AssertionError("entry " + at + " of " + known + " is not found");
                        }
                    }
                    checks.addAndGet(known > 0 ? 1_000 : 0);
                }
                return true;
            }));
        }
        for (int i = 0; i < entries; i++) {
            index.add(revocation(Kind.SESSION, keys[i], NOW.plusSeconds(36_000)), NOW);
            added.set(i + 1);
            if (i % 3 == 0) {
                index.add(revocation(Kind.SESSION, key(), NOW.plusSeconds(i % 2 == 0 ? 2 : 90)), NOW);
            }
            if (i % 50 == 0) {
                // An hour and a minute: half of the short-lived ones go, the readers' clock stands still.
                index.sweep(NOW.plusSeconds(3_600 + 70));
            }
        }
        while (checks.get() <= entries && readers.stream().noneMatch(Future::isDone)) {
            Thread.onSpinWait(); // a quick machine has added all before they begin
        }
        done.set(true);
        for (Future<Boolean> reader : readers) {
            assertThat(reader.get()).isTrue();
        }
        pool.shutdownNow();

        assertThat(checks).hasValueGreaterThan(entries);
    }
}
