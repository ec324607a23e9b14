package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.store.RevokeResult;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** "All but the current one": the exempt session survives by its id, not by time. */
@Tag("Exempting")
abstract class ExemptionContract extends StoreContract {
    ExemptionContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void the_exempt_session_survives_with_all_its_old_tokens() {
        GivenSession current = loggedIn(alice);
        GivenSession other = loggedIn(alice);
        clock.advance(Duration.ofMinutes(10));

        RevokeResult.Recorded result = revokeAllBut(current);

        assertThat(result.newlyCovered()).isEqualTo(1);
        assertThat(live(alice)).containsExactly(keys(current));
        assertThat(covering(current.token("old"))).isEmpty();
        assertThat(covering(TokenFacts.in(Given.REALM)
                        .token(TokenId.ofJti("older"))
                        .session(current.handle())
                        .subject(alice)
                        .issuedAt(now().minus(Duration.ofDays(3)))
                        .build()))
                .isEmpty();
        assertThat(covering(other.token("t"))).containsExactly(result.entry());
    }

    @Test
    void tokens_without_a_session_are_not_exempt() {
        GivenSession current = loggedIn(alice);
        RevokeResult.Recorded result = revokeAllBut(current);

        assertThat(covering(Given.token(alice, "t").issuedAt(now()).build())).containsExactly(result.entry());
    }

    @Test
    void a_foreign_session_can_be_exempt() {
        GivenSession current = insert(session(alice).foreign("sid-1").build());
        insert(session(alice).foreign("sid-2").build());
        loggedIn(alice);

        assertThat(revokeAllBut(current).newlyCovered()).isEqualTo(2);
        assertThat(live(alice)).containsExactly(keys(current));
        assertThat(covering(current.token("t"))).isEmpty();
    }

    @Test
    void the_only_session_is_spared_and_zero_is_counted() {
        GivenSession current = loggedIn(alice);

        RevokeResult.Recorded result = revokeAllBut(current);

        assertThat(result.newlyCovered()).isZero();
        assertThat(result.changed()).isTrue();
        assertThat(isLive(current)).isTrue();
    }

    @Test
    void two_cut_offs_that_spare_different_sessions_both_hold() {
        GivenSession first = loggedIn(alice);
        GivenSession second = loggedIn(alice);
        GivenSession third = loggedIn(alice);

        assertThat(revokeAllBut(first).newlyCovered()).isEqualTo(2);
        assertThat(revokeAllBut(second).newlyCovered()).isEqualTo(1);

        assertThat(isCovered(first.token("t"))).isTrue();
        assertThat(isCovered(second.token("t"))).isTrue();
        assertThat(isCovered(third.token("t"))).isTrue();
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void two_cut_offs_that_spare_the_same_session_spare_it() {
        GivenSession current = loggedIn(alice);
        loggedIn(alice);
        revokeAllBut(current);
        clock.advance(Duration.ofMinutes(1));
        loggedIn(alice);

        assertThat(revokeAllBut(current).newlyCovered()).isEqualTo(1);
        assertThat(live(alice)).containsExactly(keys(current));
    }

    @Test
    void a_cut_off_without_exemption_ends_whom_an_earlier_one_spared() {
        GivenSession current = loggedIn(alice);
        revokeAllBut(current);

        assertThat(revoke(RevocationTarget.subject(alice)).newlyCovered()).isEqualTo(1);
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void a_cut_off_without_exemption_is_not_softened_by_a_later_one_with() {
        GivenSession current = loggedIn(alice);
        revoke(RevocationTarget.subject(alice));

        assertThat(revokeAllBut(current).newlyCovered()).isZero();
        assertThat(isLive(current)).isFalse();
        assertThat(isCovered(current.token("t"))).isTrue();
    }

    @Test
    void the_exempt_session_can_be_revoked_itself() {
        GivenSession current = loggedIn(alice);
        revokeAllBut(current);

        assertThat(revoke(current.target()).newlyCovered()).isEqualTo(1);
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void an_exemption_from_the_subject_is_none_from_the_realm() {
        GivenSession current = loggedIn(alice);
        revoke(RevocationTarget.realm(Given.REALM));
        revokeAllBut(current);

        assertThat(isLive(current)).isFalse();
    }

    @Test
    void a_realm_and_a_client_can_spare_a_session_too() {
        GivenSession current = insert(session(alice).client(Given.client("web")).build());
        GivenSession other = insert(session(bob).client(Given.client("web")).build());

        revoke(Given.act(RevocationTarget.client(Given.client("web")))
                .exempt(current.exempt())
                .build());
        revoke(Given.act(RevocationTarget.realm(Given.REALM))
                .exempt(current.exempt())
                .build());

        assertThat(isLive(current)).isTrue();
        assertThat(find(other).orElseThrow().coveredBy()).hasSize(2);
    }

    private RevokeResult.Recorded revokeAllBut(GivenSession current) {
        return revoke(Given.act(RevocationTarget.subject(alice))
                .exempt(current.exempt())
                .build());
    }
}
