package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RevocationSetTest {
    private static final Instant AT = Histories.START;
    private static final SubjectId ALICE = new SubjectId(Realm.of("a"), "alice");
    private static final RevocationTarget SESSION =
            RevocationTarget.session(SessionRef.of(ALICE, Seeds.mint(Seeds.random(1), ALICE, AT)));

    /** Any entry that covers and is not forgotten: what the set must answer, however it does it. */
    private static boolean naive(List<Revocation> entries, TokenFacts facts, Instant now) {
        return entries.stream().anyMatch(entry -> entry.covers(facts) && !entry.isForgotten(now));
    }

    @Test
    void the_set_answers_like_all_entries_in_whatever_order_and_however_often() {
        Seeds.forAll(1_500, 5_000, random -> {
            Histories histories = new Histories(random);
            List<Revocation> entries = histories.revocations(1 + random.nextInt(20));
            RevocationSet set = new RevocationSet();
            entries.forEach(set::add);
            RevocationSet shuffled = shuffledWithDuplicates(random, entries);
            long revoked = 0;
            for (TokenFacts facts : histories.facts(15)) {
                Instant now = histories.instant();
                boolean expected = naive(entries, facts, now);

                assertThat(set.coversAny(facts, now)).isEqualTo(expected);
                assertThat(shuffled.coversAny(facts, now)).isEqualTo(expected);
                assertThat(set.covering(facts, now).isEmpty()).isNotEqualTo(expected);
                revoked += expected ? 1 : 0;
            }
            return revoked;
        });
    }

    @Test
    void a_purge_changes_no_answer_from_its_instant_on() {
        Seeds.forAll(1_500, 5_000, random -> {
            Histories histories = new Histories(random);
            List<Revocation> entries = histories.revocations(1 + random.nextInt(20));
            Instant before = histories.instant();
            RevocationSet set = new RevocationSet();
            for (Revocation entry : entries) {
                set.add(entry);
                if (Seeds.percent(random, 20)) {
                    set.purge(before, 1 + random.nextInt(3));
                }
            }
            int size = set.size();
            List<Revocation> removed = set.purge(before, random.nextInt(6));
            assertThat(set.size()).isEqualTo(size - removed.size()).isEqualTo((int)
                    set.stream().count());
            assertThat(set.stream()).noneMatch(removed::contains);
            long revoked = 0;
            for (TokenFacts facts : histories.facts(15)) {
                Instant now = before.plusMillis(random.nextInt(4_000));
                boolean expected = naive(entries, facts, now);

                assertThat(set.coversAny(facts, now)).isEqualTo(expected);
                assertThat(set.covering(facts, now).isEmpty()).isNotEqualTo(expected);
                revoked += expected ? 1 : 0;
            }
            return revoked;
        });
    }

    @Test
    void covering_answers_only_what_covers_the_one_recorded_first_in_front() {
        Seeds.forAll(1_000, 1_000, random -> {
            Histories histories = new Histories(random);
            List<Revocation> entries = histories.revocations(20);
            RevocationSet set = shuffledWithDuplicates(random, entries);
            long several = 0;
            for (TokenFacts facts : histories.facts(15)) {
                Instant now = histories.instant();
                List<Revocation> covering = set.covering(facts, now);

                assertThat(covering)
                        .isSubsetOf(entries)
                        .allMatch(entry -> entry.covers(facts) && !entry.isForgotten(now))
                        .isSortedAccordingTo((a, b) -> a.revokedAt().compareTo(b.revokedAt()));
                several += covering.size() > 1 ? 1 : 0;
            }
            return several;
        });
    }

    /** DESIGN: adding is commutative, and the reason of the earlier {@code revokedAt} stays. */
    @Test
    void the_reason_shown_is_that_of_the_first_revocation_in_whatever_order_they_arrive() {
        Revocation logout = entry(AT, RevocationReason.USER_LOGOUT);
        Revocation admin = entry(AT.plusSeconds(1), RevocationReason.REVOKED_BY_ADMIN);
        RevocationSet inOrder = new RevocationSet();
        inOrder.add(logout);
        inOrder.add(admin);
        RevocationSet reordered = new RevocationSet();
        reordered.add(admin);
        reordered.add(logout);
        TokenFacts facts = session();

        assertThat(inOrder.covering(facts, AT).get(0).reason()).isEqualTo(RevocationReason.USER_LOGOUT);
        assertThat(reordered.covering(facts, AT).get(0).reason()).isEqualTo(RevocationReason.USER_LOGOUT);
    }

    @Test
    void add_the_same_again_changes_nothing() {
        RevocationSet set = new RevocationSet();
        Revocation entry = entry(AT, RevocationReason.USER_LOGOUT);

        assertThat(set.add(entry)).isTrue();
        assertThat(set.add(entry)).isFalse();
        assertThat(set.size()).isEqualTo(1);
        assertThat(set.of(SESSION)).containsExactly(entry);
    }

    @Test
    void add_a_raised_cut_off_stays_beside_the_earlier_one_until_a_purge_after_it() {
        RevocationSet set = new RevocationSet();
        Revocation earlier = cutOff(1);
        Revocation raised = cutOff(2);

        assertThat(set.add(earlier)).isTrue();
        assertThat(set.add(raised)).isTrue();
        assertThat(set.of(earlier.target())).containsExactly(earlier, raised);

        assertThat(set.purge(raised.revokedAt(), 10))
                .as("raised at the very instant")
                .isEmpty();
        assertThat(set.purge(raised.revokedAt().plusMillis(1), 10)).containsExactly(earlier);
        assertThat(set.of(earlier.target())).containsExactly(raised);
        assertThat(set.add(earlier)).as("it does not come back").isFalse();
    }

    @Test
    void purge_at_the_instant_of_forgetting_drops() {
        RevocationSet set = new RevocationSet();
        set.add(entry(AT, RevocationReason.USER_LOGOUT));

        assertThat(set.purge(AT.plusSeconds(60).minusMillis(1), 10)).isEmpty();
        assertThat(set.coversAny(session(), AT.plusSeconds(60).minusMillis(1))).isTrue();
        assertThat(set.coversAny(session(), AT.plusSeconds(60))).isFalse();
        assertThat(set.purge(AT.plusSeconds(60), 10)).hasSize(1);
        assertThat(set.size()).isZero();
        assertThat(set.stream()).isEmpty();
    }

    @Test
    void purge_drops_no_more_than_its_limit() {
        RevocationSet set = new RevocationSet();
        List.of(1, 2, 3, 4, 5).forEach(second -> set.add(cutOff(second)));
        Instant later = AT.plusSeconds(10);

        assertThat(set.purge(later, 0)).isEmpty();
        assertThat(set.purge(later, 3)).hasSize(3);
        assertThat(set.size()).isEqualTo(2);
        assertThat(set.purge(later, 3)).hasSize(1);
        assertThat(set.purge(later, 3)).isEmpty();
        assertThat(set.of(cutOff(5).target())).containsExactly(cutOff(5));
    }

    /**
     * Two of equal worth that arrive in the wrong order stand side by side; if each went because of the other, none is
     * left.
     */
    @Test
    void purge_of_two_that_supersede_each_other_keeps_the_one_recorded_first() {
        RevocationSet set = new RevocationSet();
        set.add(entry(AT.plusSeconds(1), RevocationReason.REVOKED_BY_ADMIN));
        set.add(entry(AT, RevocationReason.USER_LOGOUT));

        set.purge(AT.plusSeconds(2), 10);

        assertThat(set.coversAny(session(), AT.plusSeconds(2))).isTrue();
        assertThat(set.covering(session(), AT.plusSeconds(2)).get(0).reason()).isEqualTo(RevocationReason.USER_LOGOUT);
    }

    @Test
    void purge_never_drops_a_birth() {
        RevocationSet set = new RevocationSet();
        Revocation birth = Revocation.of(RevocationTarget.birth(0, 1))
                .revokedAt(AT)
                .forgetAfter(Revocation.NEVER)
                .build();
        set.add(birth);

        assertThat(set.purge(AT.plusSeconds(1_000_000_000), 10)).isEmpty();
        assertThat(set.of(birth.target())).containsExactly(birth);
        assertThat(set.size()).isEqualTo(1);
    }

    @Test
    void of_a_target_that_is_not_there_is_empty() {
        assertThat(new RevocationSet().of(SESSION)).isEmpty();
        assertThat(new RevocationSet().covering(session(), AT)).isEmpty();
    }

    private static RevocationSet shuffledWithDuplicates(Random random, List<Revocation> entries) {
        List<Revocation> all = new ArrayList<>(entries);
        entries.stream().filter(entry -> random.nextBoolean()).forEach(all::add);
        Collections.shuffle(all, random);
        RevocationSet set = new RevocationSet();
        all.forEach(set::add);
        return set;
    }

    private static Revocation entry(Instant at, RevocationReason reason) {
        return Revocation.of(SESSION)
                .because(reason, Actor.system())
                .revokedAt(at)
                .forgetAfter(AT.plusSeconds(60))
                .build();
    }

    private static Revocation cutOff(int second) {
        return Revocation.of(RevocationTarget.subject(ALICE))
                .revokedAt(AT.plusSeconds(second))
                .forgetAfter(AT.plusSeconds(60 + second))
                .build();
    }

    private static TokenFacts session() {
        return TokenFacts.ofSession(ALICE.realm().key(), SESSION.key(), ALICE.key(), null, AT, SESSION.bucket());
    }
}
