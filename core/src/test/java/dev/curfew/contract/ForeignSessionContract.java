package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.store.InsertResult;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions that a foreign provider named: their ids prove no instant, and may be used again. */
@Tag("ForeignSessions")
abstract class ForeignSessionContract extends StoreContract {
    private static final Duration SKEW = Given.SETTINGS.nodeSkew();

    ForeignSessionContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void a_foreign_session_is_revoked_with_every_token_of_that_login() {
        GivenSession session = insert(session(alice).foreign("sid-1").build());
        clock.advance(Duration.ofMinutes(5));
        RevocationRequest request = Given.act(session.target()).build();

        RevokeResult.Recorded result = revoke(request);

        Revocation expected = request.fix(now(), Given.SETTINGS, Given.BIRTH, Optional.of(session.row()));
        assertThat(result).isEqualTo(new RevokeResult.Recorded(expected, 1, true));
        assertThat(expected.forgetAfter()).isEqualTo(now().plus(SKEW).plus(Given.SETTINGS.retention()));
        assertThat(find(session).orElseThrow().coveredBy()).containsExactly(expected);
        assertThat(covering(session.token("t"))).containsExactly(expected);
        assertThat(covering(authenticatedAt("sid-1", now().plus(SKEW)))).containsExactly(expected);
        assertThat(covering(authenticatedAt("sid-1", now().plus(SKEW).plusMillis(1))))
                .isEmpty();
        assertThat(covering(authenticatedAt("sid-2", now()))).isEmpty();
    }

    @Test
    void tokens_that_do_not_tell_when_their_login_was_are_covered() {
        revoke(insert(session(alice).foreign("sid-1").build()).target());
        TokenFacts token = TokenFacts.in(Given.REALM)
                .session(new ForeignSessionId("sid-1"))
                .issuedAt(now().plus(Duration.ofDays(1)))
                .build();

        assertThat(isCovered(token)).isTrue();
    }

    @Test
    void a_foreign_session_of_an_unknown_subject_is_revoked() {
        GivenSession session = insert(session(alice).foreign("sid-1").build());
        RevocationTarget target = RevocationTarget.session(
                new SessionRef(Given.REALM, new ForeignSessionId("sid-1"), SessionRef.UNROUTED));

        RevokeResult.Recorded result = revoke(target);

        assertThat(result.newlyCovered()).isEqualTo(1);
        assertThat(result.entry().target()).isEqualTo(target);
        assertThat(live(alice)).isEmpty();
        assertThat(isCovered(session.token("t"))).isTrue();
        assertThat(isCovered(authenticatedAt("sid-1", now()))).isTrue();
    }

    @Test
    void a_foreign_session_that_a_cut_off_has_pushed_ahead_of_this_node_is_revoked() {
        GivenSession routed =
                insert(session(alice).foreign("sid-1").began(pushedAhead()).build());
        GivenSession unrouted =
                insert(session(alice).foreign("sid-2").began(pushedAhead()).build());

        for (RevocationTarget target : List.of(
                routed.target(),
                RevocationTarget.session(SessionRef.ofUnknownSubject(Given.REALM, unrouted.handle())))) {
            assertThat(revoke(target).newlyCovered()).isEqualTo(1);
        }

        assertThat(live(alice)).isEmpty();
        assertThat(isCovered(routed.token("t"))).isTrue();
        assertThat(isCovered(unrouted.token("t"))).isTrue();
    }

    @Test
    void a_foreign_id_is_known_as_long_as_its_session_lives() {
        GivenSession session = insert(session(alice).foreign("sid-1").build());
        clock.advance(Duration.ofDays(1));
        GivenSession again = session(alice).foreign("sid-1").build();

        assertThat(insert(again, SessionLimit.unlimited())).isEqualTo(new InsertResult.AlreadyKnown());
        InsertContract.assertSameRow(find(again).orElseThrow().session(), session.row());
    }

    @Test
    void a_foreign_id_may_be_used_again_for_a_login_after_its_revocation() {
        insert(session(alice).foreign("sid-1").build());
        Revocation entry =
                revoke(session(alice).foreign("sid-1").build().target()).entry();
        Instant end = now().plus(SKEW);
        clock.advance(Duration.ofMinutes(1));

        GivenSession tooEarly =
                session(alice).foreign("sid-1").began(end).stored(now()).build();
        assertThat(insert(tooEarly, SessionLimit.unlimited())).isEqualTo(new InsertResult.Covered(entry));
        GivenSession again = insert(session(alice)
                .foreign("sid-1")
                .began(end.plusMillis(1))
                .stored(now())
                .build());

        InsertContract.assertSameRow(find(again).orElseThrow().session(), again.row());
        assertThat(isLive(again)).isTrue();
        assertThat(live(alice)).containsExactly(keys(again));
        assertThat(isCovered(again.token("t"))).isFalse();
    }

    @Test
    void a_foreign_id_may_be_used_again_after_its_session_expired() {
        insert(session(alice).foreign("sid-1").lasting(Duration.ofHours(1)).build());
        clock.advance(Duration.ofHours(1));

        GivenSession again = insert(session(alice).foreign("sid-1").build());

        assertThat(live(alice)).containsExactly(keys(again));
    }

    @Test
    void a_foreign_id_that_is_used_again_counts_once_for_the_limit() {
        insert(session(alice).foreign("sid-1").lasting(Duration.ofHours(1)).build());
        clock.advance(Duration.ofHours(1));
        insert(session(alice).foreign("sid-1").build());

        assertThat(insert(session(alice).build(), SessionLimit.refuseBeyond(1)))
                .isEqualTo(new InsertResult.OverLimit(1));
    }

    @Test
    void a_login_that_used_the_id_again_is_ended_by_the_next_revocation() {
        GivenSession first = insert(session(alice).foreign("sid-1").build());
        revoke(first.target());
        clock.advance(Duration.ofMinutes(1));
        GivenSession second = insert(session(alice).foreign("sid-1").build());

        RevokeResult.Recorded result = revoke(second.target());

        assertThat(result.newlyCovered()).isEqualTo(1);
        assertThat(result.changed()).isTrue();
        assertThat(isLive(second)).isFalse();
        assertThat(isCovered(second.token("t"))).isTrue();
    }

    @Test
    void a_login_that_nobody_stored_is_ended_by_the_next_revocation_too() {
        RevocationTarget target = session(alice).foreign("sid-1").build().target();
        revoke(target);
        clock.advance(Duration.ofMinutes(1));
        TokenFacts unseen = authenticatedAt("sid-1", now());
        assertThat(isCovered(unseen)).isFalse();

        assertThat(revoke(target).newlyCovered()).isZero();

        assertThat(isCovered(unseen)).isTrue();
    }

    @Test
    void a_subject_cut_off_judges_foreign_sessions_by_their_login() {
        GivenSession before = insert(session(alice).foreign("sid-1").build());
        Revocation cutOff = revoke(RevocationTarget.subject(alice)).entry();
        GivenSession after = insert(session(alice)
                .foreign("sid-2")
                .began(cutOff.issuedBefore().plusMillis(1))
                .stored(now())
                .build());

        assertThat(find(before).orElseThrow().coveredBy()).containsExactly(cutOff);
        assertThat(isLive(after)).isTrue();
    }

    @Test
    void a_foreign_id_of_the_same_text_as_one_of_ours_is_another_session() {
        GivenSession ours = loggedIn(alice);
        GivenSession foreign =
                insert(session(alice).foreign(ours.handle().value()).build());
        assertThat(live(alice)).containsExactlyInAnyOrder(keys(ours, foreign));

        assertThat(revoke(foreign.target()).newlyCovered()).isEqualTo(1);
        assertThat(isLive(ours)).isTrue();
        assertThat(isCovered(ours.token("t"))).isFalse();
        assertThat(isLive(foreign)).isFalse();

        assertThat(revoke(ours.target()).newlyCovered()).isEqualTo(1);
        assertThat(live(alice)).isEmpty();
    }

    private static TokenFacts authenticatedAt(String sid, Instant authTime) {
        return TokenFacts.in(Given.REALM)
                .token(TokenId.ofJti("t"))
                .session(new ForeignSessionId(sid))
                .issuedAt(authTime.plusSeconds(3_600))
                .authenticatedAt(authTime)
                .build();
    }
}
