package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * CUT-01, CUT-02, CUT-05: a token minted at 1000.1, a cut-off at 1000.5, a token minted at 1000.9; both say {@code iat}
 * 1000.
 */
class SameSecondTest {
    private static final SubjectId ALICE = new SubjectId(Realm.of("a"), "alice");
    private static final Instant SECOND = Instant.ofEpochSecond(1_000);
    private static final Instant FIRST_LOGIN = SECOND.plusMillis(100);
    private static final Instant REVOKE_ALL = SECOND.plusMillis(500);
    private static final Instant SECOND_LOGIN = SECOND.plusMillis(900);
    private static final Revocation CUT_OFF = Revocation.of(RevocationTarget.subject(ALICE))
            .revokedAt(REVOKE_ALL)
            .forgetAfter(REVOKE_ALL.plusSeconds(3_600))
            .build();

    @Test
    void the_token_minted_before_is_covered() {
        assertThat(CUT_OFF.covers(mintedAt(FIRST_LOGIN, ours(FIRST_LOGIN)))).isTrue();
    }

    @Test
    void the_token_minted_after_is_not_covered_because_its_session_proves_it() {
        assertThat(CUT_OFF.covers(mintedAt(SECOND_LOGIN, ours(SECOND_LOGIN)))).isFalse();
    }

    @Test
    void without_a_proof_the_same_second_counts_as_revoked() {
        assertThat(CUT_OFF.covers(token(SECOND_LOGIN).build())).isTrue();
        assertThat(CUT_OFF.covers(token(SECOND.plusMillis(1_000)).build()))
                .as("the next second")
                .isFalse();
    }

    @Test
    void a_token_refreshed_after_the_cut_off_from_a_session_before_it_is_covered() {
        assertThat(CUT_OFF.covers(mintedAt(SECOND.plusSeconds(60), ours(FIRST_LOGIN))))
                .isTrue();
    }

    @Test
    void without_iat_it_is_covered() {
        assertThat(CUT_OFF.covers(TokenFacts.in(ALICE.realm()).subject(ALICE).build()))
                .isTrue();
    }

    @Test
    void by_the_order_of_login_and_cut_off_the_same_holds_for_clocks_two_seconds_apart() {
        Duration nodeSkew = Duration.ofSeconds(2);
        Instant before = LoginOrder.authenticatedAt(FIRST_LOGIN, Instant.EPOCH);
        Instant cutOff = LoginOrder.cutOffNow(REVOKE_ALL, nodeSkew, Instant.EPOCH);
        Instant after = LoginOrder.authenticatedAt(SECOND_LOGIN, cutOff);
        Revocation revokeAll = Revocation.of(RevocationTarget.subject(ALICE))
                .revokedAt(REVOKE_ALL)
                .issuedBefore(cutOff)
                .forgetAfter(REVOKE_ALL.plusSeconds(3_600))
                .build();

        assertThat(after).isEqualTo(REVOKE_ALL.plusSeconds(2).plusMillis(1));
        assertThat(revokeAll.covers(mintedAt(FIRST_LOGIN, ours(before)))).isTrue();
        assertThat(revokeAll.covers(mintedAt(SECOND_LOGIN, ours(after)))).isFalse();
    }

    private static SessionHandle ours(Instant authenticatedAt) {
        return Seeds.mint(Seeds.random(authenticatedAt.toEpochMilli()), ALICE, authenticatedAt);
    }

    private static TokenFacts mintedAt(Instant instant, SessionHandle session) {
        return token(instant).session(session).build();
    }

    private static TokenFacts.Builder token(Instant instant) {
        return TokenFacts.in(ALICE.realm()).subject(ALICE).issuedAt(Instant.ofEpochSecond(instant.getEpochSecond()));
    }
}
