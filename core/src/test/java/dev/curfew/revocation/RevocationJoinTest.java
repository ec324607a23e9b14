package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Revocations of the same target and exempt session are a join-semilattice. */
class RevocationJoinTest {
    private static final int HISTORIES = 5_000;
    private static final Instant AT = Histories.START;
    private static final RevocationTarget TARGET = RevocationTarget.subject(new SubjectId(Realm.of("a"), "alice"));

    @Test
    void join_is_commutative() {
        Seeds.forAll(HISTORIES, HISTORIES, random -> {
            Histories histories = new Histories(random);
            Revocation a = histories.revocation();
            Revocation b = histories.sibling(a);

            assertThat(a.join(b)).isEqualTo(b.join(a)).hasSameHashCodeAs(b.join(a));
            return 1;
        });
    }

    @Test
    void join_is_associative() {
        Seeds.forAll(HISTORIES, HISTORIES, random -> {
            Histories histories = new Histories(random);
            Revocation a = histories.revocation();
            Revocation b = histories.sibling(a);
            Revocation c = histories.sibling(a);

            assertThat(a.join(b).join(c)).isEqualTo(a.join(b.join(c)));
            return 1;
        });
    }

    @Test
    void join_is_idempotent() {
        Seeds.forAll(HISTORIES, HISTORIES, random -> {
            Histories histories = new Histories(random);
            Revocation a = histories.revocation();
            Revocation b = histories.sibling(a);

            assertThat(a.join(a)).isEqualTo(a);
            assertThat(a.join(b).join(b)).isEqualTo(a.join(b));
            assertThat(a.join(b).join(a)).isEqualTo(a.join(b));
            return 1;
        });
    }

    @Test
    void join_of_ties_is_decided_by_bytes_in_whatever_order() {
        List<Revocation> tied = new ArrayList<>();
        for (RevocationReason reason : RevocationReason.values()) {
            for (Actor actor : List.of(Actor.user(), Actor.admin("a"), Actor.admin("b"), Actor.policy("a"))) {
                tied.add(entry().because(reason, actor).build());
            }
        }
        for (Revocation a : tied) {
            for (Revocation b : tied) {
                assertThat(a.join(b)).isEqualTo(b.join(a)).isIn(a, b);
            }
        }
        Revocation least = tied.stream().reduce(Revocation::join).orElseThrow();
        assertThat(least.reason()).isEqualTo(RevocationReason.USER_LOGOUT);
        assertThat(least.actor()).isEqualTo(Actor.user());
    }

    @Test
    void a_join_covers_whatever_either_covers() {
        Seeds.forAll(HISTORIES, HISTORIES, random -> {
            Histories histories = new Histories(random);
            Revocation a = histories.revocation();
            Revocation b = histories.sibling(a);
            Revocation join = a.join(b);
            Instant now = histories.instant();
            long covered = 0;
            for (TokenFacts facts : histories.facts(20)) {
                if (inForce(a, facts, now) || inForce(b, facts, now)) {
                    assertThat(inForce(join, facts, now))
                            .as("%s or %s covers %s", a, b, facts)
                            .isTrue();
                    covered++;
                }
                if (join.covers(facts)) {
                    assertThat(a.covers(facts) || b.covers(facts))
                            .as("nothing new")
                            .isTrue();
                }
            }
            return covered;
        });
    }

    @Test
    void a_join_supersedes_both() {
        Seeds.forAll(HISTORIES, HISTORIES, random -> {
            Histories histories = new Histories(random);
            Revocation a = histories.revocation();
            Revocation b = histories.sibling(a);

            assertThat(a.join(b).supersedes(a)).isTrue();
            assertThat(a.join(b).supersedes(b)).isTrue();
            return 1;
        });
    }

    @Test
    void join_keeps_the_later_instants_and_the_first_reason() {
        Revocation first =
                entry().because(RevocationReason.POLICY, Actor.system()).build();
        Revocation raised = entry().because(RevocationReason.USER_LOGOUT, Actor.user())
                .revokedAt(AT.plusSeconds(1))
                .issuedBefore(AT.plusSeconds(2))
                .forgetAfter(AT.plusSeconds(99))
                .build();

        for (Revocation join : List.of(first.join(raised), raised.join(first))) {
            assertThat(join.issuedBefore()).isEqualTo(AT.plusSeconds(2));
            assertThat(join.forgetAfter()).isEqualTo(AT.plusSeconds(99));
            assertThat(join.revokedAt()).isEqualTo(AT);
            assertThat(join.reason()).isEqualTo(RevocationReason.POLICY);
            assertThat(join.actor()).isEqualTo(Actor.system());
        }
    }

    @Test
    void join_of_another_target_or_exempt_session_is_refused() {
        Revocation entry = entry().build();
        Revocation sparing =
                entry().exempt(ExemptSession.stored(TARGET.key(), null)).build();
        Revocation other = Revocation.of(RevocationTarget.realm(Realm.of("a")))
                .revokedAt(AT)
                .forgetAfter(AT)
                .build();

        assertThatThrownBy(() -> entry.join(sparing)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sparing.join(entry)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> entry.join(other)).isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean inForce(Revocation revocation, TokenFacts facts, Instant now) {
        return revocation.covers(facts) && !revocation.isForgotten(now);
    }

    private static Revocation.Builder entry() {
        return Revocation.of(TARGET).revokedAt(AT).issuedBefore(AT).forgetAfter(AT.plusSeconds(10));
    }
}
