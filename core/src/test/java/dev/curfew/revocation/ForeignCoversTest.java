package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The rule for tokens of a foreign provider, whose session ids prove no instant and may be used again. */
class ForeignCoversTest {
    private static final Instant CUT_OFF = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant BEFORE = CUT_OFF.minusSeconds(60);
    private static final Instant AFTER = CUT_OFF.plusSeconds(60);
    private static final SubjectId ALICE = new SubjectId(Realm.of("a"), "alice");
    private static final ForeignSessionId SID = new ForeignSessionId("sid-1");
    private static final Revocation ALL = entry(RevocationTarget.subject(ALICE)).build();
    private static final Revocation SESSION =
            entry(RevocationTarget.session(SessionRef.of(ALICE, SID))).build();

    @Test
    void began_is_the_earlier_of_login_and_issue_less_the_skew() {
        assertThat(token().issuedAt(AFTER).authenticatedAt(BEFORE).build().began())
                .contains(BEFORE);
        assertThat(token().issuedAt(BEFORE).authenticatedAt(AFTER).build().began())
                .contains(BEFORE);
        assertThat(token().issuedAt(AFTER).build().began()).contains(AFTER);
        assertThat(token().authenticatedAt(AFTER).build().began()).contains(AFTER);
        assertThat(token().issuedAt(AFTER).skew(Duration.ofSeconds(10)).build().began())
                .contains(AFTER.minusSeconds(10));
        assertThat(token().skew(Duration.ofSeconds(10)).build().began()).isEmpty();
    }

    @Test
    void a_cut_off_covers_a_token_that_began_at_its_instant_and_not_a_millisecond_later() {
        Duration skew = Duration.ofSeconds(10);

        assertThat(ALL.covers(token().skew(skew).issuedAt(CUT_OFF.plus(skew)).build()))
                .isTrue();
        assertThat(ALL.covers(token().skew(skew)
                        .issuedAt(CUT_OFF.plus(skew).plusMillis(1))
                        .build()))
                .isFalse();
    }

    @Test
    void a_cut_off_covers_a_token_refreshed_after_it_from_a_login_before_it() {
        assertThat(ALL.covers(token().authenticatedAt(BEFORE).issuedAt(AFTER).build()))
                .isTrue();
        assertThat(ALL.covers(token().authenticatedAt(AFTER).issuedAt(AFTER).build()))
                .isFalse();
    }

    @Test
    void a_cut_off_spares_a_foreign_exempt_session_whatever_its_tokens_say() {
        Revocation others = entry(RevocationTarget.subject(ALICE))
                .exempt(ExemptSession.of(SessionRef.of(ALICE, SID)))
                .build();

        assertThat(others.covers(token().session(SID).issuedAt(BEFORE).build())).isFalse();
        assertThat(others.covers(token().session(new ForeignSessionId("sid-2"))
                        .issuedAt(BEFORE)
                        .build()))
                .isTrue();
        assertThat(others.covers(token().issuedAt(BEFORE).build())).isTrue();
    }

    @Test
    void a_foreign_session_covers_logins_up_to_its_instant_and_not_a_millisecond_later() {
        assertThat(SESSION.covers(sid().authenticatedAt(BEFORE).build())).isTrue();
        assertThat(SESSION.covers(sid().authenticatedAt(CUT_OFF).build())).isTrue();
        assertThat(SESSION.covers(sid().authenticatedAt(CUT_OFF.plusMillis(1)).build()))
                .isFalse();
    }

    @Test
    void a_foreign_session_covers_whatever_proves_no_login() {
        assertThat(SESSION.covers(sid().build())).isTrue();
        assertThat(SESSION.covers(sid().issuedAt(AFTER).build()))
                .as("iat proves no login")
                .isTrue();
    }

    @Test
    void a_foreign_session_judges_a_stored_session_by_its_beginning() {
        assertThat(SESSION.covers(stored(CUT_OFF))).isTrue();
        assertThat(SESSION.covers(stored(CUT_OFF.plusMillis(1)))).isFalse();
    }

    @Test
    void a_foreign_session_with_the_text_of_a_session_of_ours_is_another_session() {
        SessionId ours = Seeds.mint(Seeds.random(1), ALICE, BEFORE);
        ForeignSessionId sameText = new ForeignSessionId(ours.value());
        Revocation ofOurs =
                entry(RevocationTarget.session(SessionRef.of(ALICE, ours))).build();
        Revocation ofForeign =
                entry(RevocationTarget.session(SessionRef.of(ALICE, sameText))).build();
        Revocation sparingOurs = entry(RevocationTarget.subject(ALICE))
                .exempt(ExemptSession.of(SessionRef.of(ALICE, ours)))
                .build();

        assertThat(ofOurs.covers(token().session(ours).build())).isTrue();
        assertThat(ofOurs.covers(token().session(sameText).build())).isFalse();
        assertThat(ofForeign.covers(token().session(sameText).build())).isTrue();
        assertThat(ofForeign.covers(token().session(ours).build())).isFalse();
        assertThat(sparingOurs.covers(token().session(sameText).issuedAt(BEFORE).build()))
                .isTrue();
    }

    @Test
    void is_lifted_by_reauthentication_only_if_the_login_alone_is_too_old() {
        assertThat(ALL.isLiftedByReauthentication(
                        token().authenticatedAt(BEFORE).issuedAt(AFTER).build()))
                .isTrue();
        assertThat(ALL.isLiftedByReauthentication(token().authenticatedAt(CUT_OFF)
                        .issuedAt(CUT_OFF.plusMillis(1))
                        .build()))
                .isTrue();
        assertThat(ALL.isLiftedByReauthentication(
                        token().authenticatedAt(BEFORE).issuedAt(CUT_OFF).build()))
                .as("issued before the cut-off as well")
                .isFalse();
        assertThat(ALL.isLiftedByReauthentication(token().issuedAt(BEFORE).build()))
                .isFalse();
        assertThat(ALL.isLiftedByReauthentication(
                        token().authenticatedAt(BEFORE).build()))
                .isFalse();
        assertThat(ALL.isLiftedByReauthentication(token().build())).isFalse();
    }

    @Test
    void is_lifted_by_reauthentication_always_for_a_foreign_session_that_is_covered() {
        assertThat(SESSION.isLiftedByReauthentication(
                        sid().authenticatedAt(BEFORE).build()))
                .isTrue();
        assertThat(SESSION.isLiftedByReauthentication(sid().build())).isTrue();
    }

    @Test
    void is_lifted_by_reauthentication_never_for_what_is_not_covered() {
        assertThat(SESSION.isLiftedByReauthentication(
                        sid().authenticatedAt(AFTER).build()))
                .isFalse();
        assertThat(ALL.isLiftedByReauthentication(
                        token().authenticatedAt(AFTER).issuedAt(AFTER).build()))
                .isFalse();
    }

    @Test
    void is_lifted_by_reauthentication_never_for_a_token_or_a_key() {
        TokenFacts facts = token().token(TokenId.ofJti("jti-1"))
                .signingKey("thumb-1")
                .authenticatedAt(BEFORE)
                .issuedAt(AFTER)
                .build();

        assertThat(entry(RevocationTarget.token(facts)).build().isLiftedByReauthentication(facts))
                .isFalse();
        assertThat(entry(RevocationTarget.signingKey("thumb-1")).build().isLiftedByReauthentication(facts))
                .isFalse();
    }

    private static TokenFacts.Builder token() {
        return TokenFacts.in(ALICE.realm()).subject(ALICE);
    }

    private static TokenFacts.Builder sid() {
        return token().session(SID);
    }

    private static TokenFacts stored(Instant began) {
        SessionRef session = SessionRef.of(ALICE, SID);
        return TokenFacts.ofSession(ALICE.realm().key(), session.key(), ALICE.key(), null, began, session.bucket());
    }

    private static Revocation.Builder entry(RevocationTarget target) {
        return Revocation.of(target).issuedBefore(CUT_OFF).revokedAt(CUT_OFF).forgetAfter(Revocation.NEVER);
    }
}
