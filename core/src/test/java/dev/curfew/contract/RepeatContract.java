package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionRef;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repeating a revocation changes nothing: neither the same act nor another one upon the same target. */
@Tag("Repeating")
abstract class RepeatContract extends StoreContract {
    RepeatContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void a_token_has_one_entry_however_often_it_is_revoked() {
        RevocationTarget token = Given.tokenTarget(alice, "t");
        isRevokedOnce(token, 1);
        assertThat(covering(Given.token(alice, "t").issuedAt(now()).build())).hasSize(1);
    }

    @Test
    void a_session_has_one_entry_however_often_it_is_revoked() {
        GivenSession session = loggedIn(alice);
        isRevokedOnce(session.target(), 1);
        assertThat(find(session).orElseThrow().coveredBy()).hasSize(1);
    }

    @Test
    void a_session_that_is_not_stored_has_one_entry_however_often_it_is_revoked() {
        isRevokedOnce(session(alice).build().target(), 0);
    }

    @Test
    void a_signing_key_has_one_entry_however_often_it_is_revoked() {
        isRevokedOnce(RevocationTarget.signingKey("thumb"), RevokeResult.Recorded.UNCOUNTED);
    }

    @Test
    void a_foreign_session_that_is_revoked_twice_at_one_instant_has_one_entry() {
        GivenSession session = insert(session(alice).foreign("sid-1").build());
        RevocationTarget unrouted =
                RevocationTarget.session(new SessionRef(Given.REALM, session.handle(), SessionRef.UNROUTED));

        for (RevocationTarget target : List.of(session.target(), unrouted)) {
            Revocation first = revoke(target).entry();
            assertThat(revoke(target)).isEqualTo(new RevokeResult.Recorded(first, 0, false));
        }
    }

    @Test
    void the_first_reason_actor_and_instant_are_kept() {
        GivenSession session = loggedIn(alice);
        Revocation first = revoke(session.target()).entry();
        clock.advance(Duration.ofMinutes(1));

        revoke(Given.act(session.target())
                .because(RevocationReason.SUSPICIOUS_ACTIVITY, Actor.policy("rule-1"))
                .build());

        assertThat(covering(session.token("t"))).containsExactly(first);
    }

    @Test
    void the_end_of_a_token_entry_is_never_shortened() {
        RevocationTarget target = Given.tokenTarget(alice, "t");
        Revocation first = revoke(Given.act(target)
                        .forgetAfter(now().plus(Duration.ofHours(2)))
                        .build())
                .entry();

        RevokeResult.Recorded second = revoke(
                Given.act(target).forgetAfter(now().plus(Duration.ofHours(1))).build());

        assertThat(second).isEqualTo(new RevokeResult.Recorded(first, 0, false));
        clock.set(first.forgetAfter().minusMillis(1));
        assertThat(covering(Given.token(alice, "t").issuedAt(now()).build())).containsExactly(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "session", "foreign session", "subject", "client", "realm", "key"})
    void repeating_an_act_answers_what_the_first_call_did(String kind) {
        insert(session(alice).id(Given.sessionId(alice, now())).build());
        RevocationRequest request = Given.act(target(kind)).build();
        RevokeResult.Recorded first = revoke(request);
        assertThat(first.changed()).isTrue();
        FeedReader reader = caughtUpReader();
        clock.advance(Duration.ofMinutes(3));

        RevokeResult.Recorded second = revoke(request);

        assertThat(second).isEqualTo(new RevokeResult.Recorded(first.entry(), first.newlyCovered(), false));
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void one_name_given_to_two_acts_does_not_make_them_one() {
        OperationId name = Given.operation();
        GivenSession ofAlice = loggedIn(alice);
        GivenSession ofBob = loggedIn(bob);

        revoke(RevocationRequest.of(RevocationTarget.subject(alice), name).build());
        RevokeResult.Recorded second =
                revoke(RevocationRequest.of(RevocationTarget.subject(bob), name).build());

        assertThat(second.newlyCovered()).isEqualTo(1);
        assertThat(second.changed()).isTrue();
        assertThat(isLive(ofAlice)).isFalse();
        assertThat(isLive(ofBob)).isFalse();
    }

    @Test
    void repeating_a_cut_off_spares_who_logged_in_since() {
        GivenSession before = loggedIn(alice);
        GivenSession beforeToo = loggedIn(alice);
        RevocationRequest request = Given.act(RevocationTarget.subject(alice)).build();
        RevokeResult.Recorded first = revoke(request);
        clock.advance(Duration.ofMinutes(1));
        GivenSession after = loggedIn(alice);

        RevokeResult.Recorded second = revoke(request);

        assertThat(second).isEqualTo(new RevokeResult.Recorded(first.entry(), 2, false));
        assertThat(isLive(before)).isFalse();
        assertThat(isLive(beforeToo)).isFalse();
        assertThat(isLive(after)).isTrue();
    }

    @Test
    void a_caller_who_repeats_a_logout_learns_that_it_had_succeeded() {
        GivenSession session = loggedIn(alice);
        RevocationRequest logout = Given.act(session.target()).build();
        Precondition own = Precondition.ownedBy(session.token("t"));
        RevokeResult.Recorded first = recorded(revoke(logout, own));
        assertThat(first.changed()).isTrue();

        assertThat(revoke(logout, own)).isEqualTo(new RevokeResult.Recorded(first.entry(), 1, false));
        assertThat(revoke(Given.act(session.target()).build(), own))
                .isEqualTo(new RevokeResult.CallerRevoked(first.entry()));
    }

    @Test
    void repeating_an_act_that_found_the_target_revoked_answers_zero_again() {
        GivenSession session = loggedIn(alice);
        Revocation entry = revoke(session.target()).entry();
        RevocationRequest late = Given.act(session.target()).build();

        assertThat(revoke(late)).isEqualTo(new RevokeResult.Recorded(entry, 0, false));
        assertThat(revoke(late)).isEqualTo(new RevokeResult.Recorded(entry, 0, false));
    }

    @Test
    void an_act_that_was_refused_may_succeed_later() {
        GivenSession session = session(alice).build();
        GivenSession other = session(alice).build();
        RevocationRequest request = Given.act(other.target()).build();
        Precondition own = Precondition.ownedBy(session.token("t"));
        assertThat(revoke(request, own)).isEqualTo(new RevokeResult.NotOwned());
        insert(other);

        assertThat(recorded(revoke(request, own)).newlyCovered()).isEqualTo(1);
    }

    private void isRevokedOnce(RevocationTarget target, long count) {
        FeedReader reader = caughtUpReader();
        RevokeResult.Recorded first = revoke(target);
        assertThat(first.newlyCovered()).isEqualTo(count);
        assertThat(first.changed()).isTrue();

        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMinutes(1));
            assertThat(revoke(target)).isEqualTo(new RevokeResult.Recorded(first.entry(), Math.min(0, count), false));
        }

        assertThat(reader.revocations()).isEqualTo(Set.of(first.entry()));
    }

    private RevocationTarget target(String kind) {
        return switch (kind) {
            case "token" -> Given.tokenTarget(alice, "t");
            case "session" -> loggedIn(alice).target();
            case "foreign session" ->
                insert(session(alice).foreign("sid-1").build()).target();
            case "subject" -> RevocationTarget.subject(alice);
            case "client" -> RevocationTarget.client(Given.client("web"));
            case "realm" -> RevocationTarget.realm(Given.REALM);
            case "key" -> RevocationTarget.signingKey("thumb");
            default -> throw new AssertionError(List.of(kind));
        };
    }
}
