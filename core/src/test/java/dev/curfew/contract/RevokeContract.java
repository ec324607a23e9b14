package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a revocation of each sort of target covers, counts and records. */
@Tag("Revoking")
abstract class RevokeContract extends StoreContract {
    RevokeContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void nothing_is_covered_before_it_is_revoked() {
        GivenSession session = loggedIn(alice);

        assertThat(covering(session.token("t"))).isEmpty();
        assertThat(covering(session.row().facts())).isEmpty();
    }

    @Test
    void a_revoked_token_is_covered_until_it_is_forgotten() {
        GivenSession session = loggedIn(alice);
        TokenFacts token = session.token("t");
        Instant forgetAfter = now().plus(Duration.ofMinutes(15));
        RevocationRequest request = Given.act(RevocationTarget.token(token))
                .forgetAfter(forgetAfter)
                .build();

        RevokeResult.Recorded result = revoke(request);

        Revocation expected = request.fix(now(), Given.SETTINGS, Given.BIRTH, Optional.empty());
        assertThat(result).isEqualTo(new RevokeResult.Recorded(expected, 1, true));
        assertThat(covering(token)).containsExactly(expected);
        clock.set(forgetAfter.minusMillis(1));
        assertThat(covering(token)).containsExactly(expected);
        clock.set(forgetAfter);
        assertThat(covering(token)).isEmpty();
    }

    @Test
    void a_token_of_which_no_end_is_known_is_remembered_for_the_retention() {
        assertThat(revoke(Given.tokenTarget(alice, "t")).entry().forgetAfter())
                .isEqualTo(now().plus(Given.SETTINGS.retention()));
    }

    @Test
    void a_revoked_token_leaves_its_session_and_other_tokens_alone() {
        GivenSession session = loggedIn(alice);
        revoke(RevocationTarget.token(session.token("t")));

        assertThat(isLive(session)).isTrue();
        assertThat(covering(session.token("u"))).isEmpty();
        assertThat(covering(session.row().facts())).isEmpty();
    }

    @Test
    void a_token_without_jti_is_revoked_by_what_was_signed() {
        TokenFacts.Builder facts =
                TokenFacts.in(Given.REALM).subject(alice).issuedAt(now()).authenticatedAt(now());
        TokenFacts signed = facts.token(TokenId.ofSigningInput("e30.e30")).build();
        TokenFacts other = facts.token(TokenId.ofSigningInput("e30.e31")).build();
        TokenFacts jti = facts.token(TokenId.ofJti("e30.e30")).build();

        revoke(RevocationTarget.token(signed));

        assertThat(isCovered(signed)).isTrue();
        assertThat(isCovered(other)).isFalse();
        assertThat(isCovered(jti)).isFalse();
    }

    @Test
    void revoking_a_token_that_has_expired_writes_nothing_and_succeeds() {
        FeedReader reader = caughtUpReader();

        RevokeResult.Recorded result = revoke(
                Given.act(Given.tokenTarget(alice, "t")).forgetAfter(now()).build());

        assertThat(result.changed()).isFalse();
        assertThat(result.newlyCovered()).isZero();
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_revoked_session_is_over_with_every_token_that_carries_its_id() {
        GivenSession session = loggedIn(alice);
        GivenSession other = loggedIn(alice);
        clock.advance(Duration.ofMinutes(5));
        RevocationRequest request = Given.act(session.target())
                .because(RevocationReason.REVOKED_BY_USER, Actor.user())
                .build();

        RevokeResult.Recorded result = revoke(request);

        Revocation expected = request.fix(now(), Given.SETTINGS, Given.BIRTH, Optional.of(session.row()));
        assertThat(result).isEqualTo(new RevokeResult.Recorded(expected, 1, true));
        assertThat(result.count()).hasValue(1);
        assertThat(find(session).orElseThrow().endedBy()).contains(expected);
        assertThat(live(alice)).containsExactly(keys(other));
        assertThat(covering(session.token("old"))).containsExactly(expected);
        assertThat(covering(TokenFacts.in(Given.REALM)
                        .session(session.handle())
                        .issuedAt(now().plus(Duration.ofDays(1)))
                        .build()))
                .containsExactly(expected);
        assertThat(isCovered(other.token("t"))).isFalse();
    }

    @Test
    void a_session_is_revoked_until_no_token_of_it_can_live() {
        GivenSession session = loggedIn(alice);
        Revocation entry = revoke(session.target()).entry();

        assertThat(entry.forgetAfter()).isEqualTo(session.row().forgetAfter());
        clock.set(session.row().forgetAfter().minusMillis(1));
        assertThat(isCovered(session.token("t"))).isTrue();
        clock.set(session.row().forgetAfter());
        assertThat(isCovered(session.token("t"))).isFalse();
    }

    @Test
    void a_session_that_is_not_stored_is_revoked_for_the_retention_and_counts_nothing() {
        GivenSession unknown = session(alice).build();

        RevokeResult.Recorded result = revoke(unknown.target());

        assertThat(result.changed()).isTrue();
        assertThat(result.newlyCovered()).isZero();
        assertThat(result.entry().forgetAfter()).isEqualTo(now().plus(Given.SETTINGS.retention()));
        assertThat(isCovered(unknown.token("t"))).isTrue();
    }

    @Test
    void a_session_that_has_expired_counts_nothing_and_its_tokens_are_covered() {
        GivenSession expired =
                insert(session(alice).idle(Duration.ofMinutes(10)).build());
        clock.advance(Duration.ofMinutes(10));

        RevokeResult.Recorded result = revoke(expired.target());

        assertThat(result.newlyCovered()).isZero();
        assertThat(isCovered(expired.token("t"))).isTrue();
    }

    @Test
    void a_session_that_a_cut_off_ended_counts_nothing_and_is_covered_for_tokens_without_a_subject() {
        GivenSession session = loggedIn(alice);
        TokenFacts sessionOnly = TokenFacts.in(Given.REALM)
                .token(TokenId.ofJti("t"))
                .session(session.handle())
                .issuedAt(now())
                .build();
        revoke(RevocationTarget.subject(alice));
        assertThat(isCovered(sessionOnly)).isFalse();

        assertThat(revoke(session.target()).newlyCovered()).isZero();

        assertThat(isCovered(sessionOnly)).isTrue();
    }

    @Test
    void revoking_a_subject_counts_exactly_the_live_sessions_that_it_ends() {
        loggedIn(alice);
        loggedIn(alice);
        insert(session(alice).foreign("sid-1").build());
        revoke(loggedIn(alice).target());
        insert(session(alice).lasting(Duration.ofSeconds(1)).build());
        GivenSession others = loggedIn(bob);
        clock.advance(Duration.ofSeconds(1));

        RevokeResult.Recorded result = revoke(RevocationTarget.subject(alice));

        assertThat(result.newlyCovered()).isEqualTo(3);
        assertThat(result.count()).hasValue(3);
        assertThat(result.changed()).isTrue();
        assertThat(live(alice)).isEmpty();
        assertThat(live(bob)).containsExactly(keys(others));
    }

    @Test
    void revoking_a_subject_without_sessions_counts_zero_and_covers_its_tokens() {
        TokenFacts token = Given.token(alice, "t").issuedAt(now()).build();

        RevokeResult.Recorded result = revoke(RevocationTarget.subject(alice));

        assertThat(result.newlyCovered()).isZero();
        assertThat(result.count()).hasValue(0);
        assertThat(result.changed()).isTrue();
        assertThat(covering(token)).containsExactly(result.entry());
    }

    @Test
    void revoking_a_subject_again_counts_only_what_began_since() {
        loggedIn(alice);
        revoke(RevocationTarget.subject(alice));
        clock.advance(Duration.ofMinutes(1));
        loggedIn(alice);

        assertThat(revoke(RevocationTarget.subject(alice)).newlyCovered()).isEqualTo(1);
        assertThat(revoke(RevocationTarget.subject(alice)).newlyCovered()).isZero();
    }

    @Test
    void a_client_is_revoked_with_the_sessions_that_it_began_uncounted() {
        GivenSession web = insert(session(alice).client(Given.client("web")).build());
        GivenSession foreign =
                insert(session(bob).foreign("sid-1").client(Given.client("web")).build());
        GivenSession app = insert(session(alice).client(Given.client("app")).build());
        GivenSession none = loggedIn(alice);

        RevokeResult.Recorded result = revoke(RevocationTarget.client(Given.client("web")));

        assertThat(result.newlyCovered()).isEqualTo(RevokeResult.Recorded.UNCOUNTED);
        assertThat(result.count()).isEmpty();
        assertThat(find(web).orElseThrow().coveredBy()).containsExactly(result.entry());
        assertThat(find(foreign).orElseThrow().coveredBy()).containsExactly(result.entry());
        assertThat(isLive(app)).isTrue();
        assertThat(isLive(none)).isTrue();
        assertThat(live(alice)).containsExactlyInAnyOrder(keys(app, none));
        assertThat(isCovered(Given.token(bob, "t")
                        .client(Given.client("web"))
                        .issuedAt(now())
                        .build()))
                .isTrue();
        assertThat(isCovered(Given.token(bob, "t").issuedAt(now()).build())).isFalse();
    }

    @Test
    void a_realm_is_revoked_with_everything_in_it_uncounted() {
        SubjectId elsewhere = new SubjectId(Realm.of("other"), "alice");
        GivenSession hers = loggedIn(alice);
        GivenSession his = loggedIn(bob);
        GivenSession outside = loggedIn(elsewhere);

        RevokeResult.Recorded result = revoke(RevocationTarget.realm(Given.REALM));

        assertThat(result.count()).isEmpty();
        assertThat(isLive(hers)).isFalse();
        assertThat(isLive(his)).isFalse();
        assertThat(isLive(outside)).isTrue();
        assertThat(covering(TokenFacts.in(Given.REALM).issuedAt(now()).build())).containsExactly(result.entry());
    }

    @Test
    void a_signing_key_is_revoked_for_ever_in_every_realm_and_uncounted() {
        GivenSession session = loggedIn(alice);
        TokenFacts signed =
                Given.token(alice, "t").signingKey("thumb").issuedAt(now()).build();
        TokenFacts elsewhere = TokenFacts.in(Realm.of("other"))
                .signingKey("thumb")
                .issuedAt(now())
                .build();
        TokenFacts other =
                Given.token(alice, "t").signingKey("thumb-2").issuedAt(now()).build();

        RevokeResult.Recorded result = revoke(RevocationTarget.signingKey("thumb"));

        assertThat(result.count()).isEmpty();
        assertThat(result.entry().forgetAfter()).isEqualTo(Revocation.NEVER);
        assertThat(covering(elsewhere)).containsExactly(result.entry());
        assertThat(isCovered(other)).isFalse();
        assertThat(isLive(session)).isTrue();
        clock.advance(Duration.ofDays(365L * 100));
        assertThat(covering(signed)).containsExactly(result.entry());
    }

    @Test
    void every_revocation_comes_by_the_feed_as_it_was_answered() {
        FeedReader reader = caughtUpReader();
        GivenSession session = loggedIn(alice);
        GivenSession foreign = insert(session(bob).foreign("sid-1").build());

        Revocation[] entries = {
            revoke(RevocationTarget.token(session.token("t"))).entry(),
            revoke(session.target()).entry(),
            revoke(foreign.target()).entry(),
            revoke(Given.act(RevocationTarget.subject(bob))
                            .exempt(foreign.exempt())
                            .build())
                    .entry(),
            revoke(RevocationTarget.client(Given.client("web"))).entry(),
            revoke(RevocationTarget.realm(Given.REALM)).entry(),
            revoke(RevocationTarget.signingKey("thumb")).entry()
        };

        assertThat(reader.revocations()).containsExactlyInAnyOrder(entries);
    }
}
