package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SupersedesTest {
    private static final Instant AT = Histories.START;
    private static final SubjectId ALICE = new SubjectId(Realm.of("a"), "alice");

    @Test
    void what_is_superseded_is_never_missed() {
        Seeds.forAll(20_000, 5_000, random -> {
            Histories histories = new Histories(random);
            Revocation b = histories.revocation();
            Revocation a = histories.cousin(b);
            if (!a.supersedes(b)) {
                return 0;
            }
            long covered = 0;
            for (TokenFacts facts : histories.facts(30)) {
                Instant now = histories.instant();
                if (b.covers(facts) && !b.isForgotten(now)) {
                    assertThat(a.covers(facts)).as("%s covers %s", a, facts).isTrue();
                    assertThat(a.isForgotten(now)).isFalse();
                    covered++;
                }
            }
            return covered;
        });
    }

    @Test
    void superseding_is_transitive_and_reflexive() {
        Seeds.forAll(20_000, 1_000, random -> {
            Histories histories = new Histories(random);
            Revocation a = histories.revocation();
            Revocation b = histories.cousin(a);
            Revocation c = histories.cousin(a);

            assertThat(a.supersedes(a)).isTrue();
            if (a.supersedes(b) && b.supersedes(c)) {
                assertThat(a.supersedes(c)).isTrue();
                return 1;
            }
            return 0;
        });
    }

    @Test
    void a_later_cut_off_that_spares_nobody_supersedes_an_earlier_one() {
        assertThat(cutOff(5).build().supersedes(cutOff(4).build())).isTrue();
        assertThat(cutOff(5).build().supersedes(cutOff(5).build())).isTrue();
        assertThat(cutOff(4).build().supersedes(cutOff(5).build())).isFalse();
        assertThat(cutOff(5).build().supersedes(cutOff(4).exempt(began(3)).build()))
                .isTrue();
    }

    @Test
    void a_cut_off_that_is_forgotten_earlier_supersedes_nothing() {
        Revocation lasting = cutOff(4).forgetAfter(AT.plusSeconds(61)).build();

        assertThat(cutOff(5).forgetAfter(AT.plusSeconds(60)).build().supersedes(lasting))
                .isFalse();
        assertThat(cutOff(5).forgetAfter(AT.plusSeconds(61)).build().supersedes(lasting))
                .isTrue();
    }

    @Test
    void a_cut_off_that_spares_a_session_supersedes_those_before_that_session_began() {
        Revocation sparing = cutOff(9).exempt(began(5)).build();

        assertThat(sparing.supersedes(cutOff(4).build())).isTrue();
        assertThat(sparing.supersedes(cutOff(5).build()))
                .as("began exactly at the cut-off")
                .isFalse();
        assertThat(sparing.supersedes(cutOff(6).build())).isFalse();
        assertThat(sparing.supersedes(cutOff(6).exempt(began(5)).build()))
                .as("the same session")
                .isTrue();
        assertThat(sparing.supersedes(cutOff(6).exempt(began(3)).build()))
                .as("another session")
                .isFalse();
    }

    @Test
    void a_cut_off_that_spares_a_foreign_session_supersedes_only_those_that_spare_it() {
        ExemptSession foreign = ExemptSession.of(SessionRef.of(ALICE, new ForeignSessionId("sid-1")));
        Revocation sparing = cutOff(9).exempt(foreign).build();

        assertThat(sparing.supersedes(cutOff(0).build())).isFalse();
        assertThat(sparing.supersedes(cutOff(0).exempt(foreign).build())).isTrue();
    }

    @Test
    void another_target_is_never_superseded() {
        Revocation realm = Revocation.of(RevocationTarget.realm(ALICE.realm()))
                .revokedAt(AT)
                .issuedBefore(AT.plusSeconds(9))
                .forgetAfter(Revocation.NEVER)
                .build();

        assertThat(realm.supersedes(cutOff(1).build())).isFalse();
    }

    private static Revocation.Builder cutOff(int second) {
        return Revocation.of(RevocationTarget.subject(ALICE))
                .revokedAt(AT)
                .issuedBefore(AT.plusSeconds(second))
                .forgetAfter(AT.plusSeconds(60));
    }

    private static ExemptSession began(int second) {
        return ExemptSession.of(SessionRef.of(ALICE, Seeds.mint(Seeds.random(second), ALICE, AT.plusSeconds(second))));
    }
}
