package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.quota.EntryCounts;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.store.OperationId;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.AuthenticToken;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Whoever revokes too much is revoked in a coarser way; nothing is refused, and nobody else pays. DOS-02. */
class RevocationQuotaTest {
    private static final RevocationCause CAUSE = RevocationCause.byUser(RevocationReason.USER_LOGOUT);

    private final TestHost host = TestHost.start(builder -> builder.revocationsAtMost(3, 5));

    private Kind revoke(AuthenticToken token) {
        return kindOf(host.service.revokeToken(token, CAUSE));
    }

    private static Kind kindOf(RevocationOutcome outcome) {
        return ((RevocationOutcome.Revoked) outcome).target();
    }

    /** Ends so many sessions of a subject, each by itself. */
    private void endSessions(SubjectId subject, int number) {
        for (int i = 0; i < number; i++) {
            host.service.logout(host.loginToken(subject));
        }
    }

    @Test
    void a_session_that_revokes_too_many_tokens_ends_with_its_next_one() {
        VerifiedToken bystander = host.loginToken(host.alice);
        Session session = host.login(host.alice);
        List<VerifiedToken> tokens = new ArrayList<>();
        List<Kind> kinds = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tokens.add(host.tokens.of(session));
            kinds.add(revoke(tokens.get(i)));
        }
        VerifiedToken unrevoked = host.tokens.of(session);

        assertThat(kinds).containsExactly(Kind.TOKEN, Kind.TOKEN, Kind.TOKEN, Kind.SESSION);
        tokens.forEach(host::assertRevoked);
        host.assertRevoked(unrevoked);
        host.assertActive(bystander);
        assertThat(host.events(SessionEnded.class)).hasSize(1);
        assertThat(host.events(RevocationRecorded.class))
                .extracting(event -> event.target().kind())
                .isEqualTo(kinds);
    }

    @Test
    void a_foreign_session_has_its_share_too() {
        List<Kind> kinds = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            kinds.add(revoke(host.partner.draft("carol").with("sid", "s-1").verified()));
        }

        assertThat(kinds).containsExactly(Kind.TOKEN, Kind.TOKEN, Kind.TOKEN, Kind.FOREIGN_SESSION);
    }

    @Test
    void a_subject_that_ends_too_many_sessions_ends_as_a_whole_with_the_next() {
        VerifiedToken ofBob = host.loginToken(host.bob);
        endSessions(host.alice, 5);
        VerifiedToken other = host.loginToken(host.alice);

        RevocationOutcome outcome = host.service.logout(host.loginToken(host.alice));

        assertThat(outcome).isEqualTo(TestHost.revoked(Kind.SUBJECT, 2, true));
        host.assertRevoked(other);
        host.assertActive(ofBob, host.loginToken(host.alice));
    }

    @Test
    void tokens_and_sessions_of_a_subject_count_together() {
        endSessions(host.alice, 2);
        Session session = host.login(host.alice);
        List<Kind> kinds = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            kinds.add(revoke(host.tokens.of(session)));
        }

        assertThat(kinds).containsExactly(Kind.TOKEN, Kind.TOKEN, Kind.TOKEN, Kind.SUBJECT);
    }

    @Test
    void the_session_that_ended_in_place_of_a_token_counts_for_the_subject() {
        Session first = host.login(host.alice);
        for (int i = 0; i < 4; i++) {
            revoke(host.tokens.of(first));
        }
        Session second = host.login(host.alice);

        assertThat(revoke(host.tokens.of(second))).isEqualTo(Kind.TOKEN);
        assertThat(revoke(host.tokens.of(second))).isEqualTo(Kind.SUBJECT);
    }

    @Test
    void with_the_share_used_up_what_is_not_the_callers_is_still_not_owned() {
        endSessions(host.alice, 5);
        VerifiedToken caller = host.loginToken(host.alice);
        Session ofBob = host.login(host.bob);
        Session unknown = TestHost.start().login(host.alice);

        for (Session other : List.of(ofBob, unknown)) {
            assertThat(host.service.revokeSession(caller, other.handle().value()))
                    .isEqualTo(new RevocationOutcome.NotOwned());
        }
        host.assertActive(caller, host.tokens.of(ofBob));
    }

    @Test
    void with_the_share_used_up_another_session_of_the_callers_ends_with_the_subject() {
        endSessions(host.alice, 5);
        VerifiedToken caller = host.loginToken(host.alice);
        Session other = host.login(host.alice);
        host.store.takeCalls();

        assertThat(kindOf(host.service.revokeSession(caller, other.handle().value())))
                .isEqualTo(Kind.SUBJECT);
        assertThat(host.store.takeCalls()).startsWith("find", "revoke");
        host.assertRevoked(caller, host.tokens.of(other));
    }

    @Test
    void with_the_share_used_up_what_is_over_is_not_ended_once_more() {
        Session over = host.login(host.alice);
        host.service.logout(host.tokens.of(over));
        Session overElsewhere = host.login(host.alice);
        host.node(host.clock, builder -> builder).revokeSession(host.alice, overElsewhere.handle(), TestHost.BY_ADMIN);
        endSessions(host.alice, 4);
        VerifiedToken current = host.loginToken(host.alice);

        for (Session session : List.of(over, overElsewhere)) {
            assertThat(host.service.revokeSession(host.alice, session.handle(), TestHost.BY_ADMIN))
                    .isEqualTo(TestHost.revoked(Kind.SESSION, 0, false));
        }
        host.assertActive(current);
    }

    @Test
    void acts_of_the_host_count_and_end_the_owner_only() {
        for (int i = 0; i < 5; i++) {
            host.service.revokeSession(host.alice, host.login(host.alice).handle(), TestHost.BY_ADMIN);
        }
        Session next = host.login(host.alice);

        assertThat(kindOf(host.service.revokeSession(host.alice, next.handle(), TestHost.BY_ADMIN)))
                .isEqualTo(Kind.SUBJECT);
    }

    @Test
    void a_repeat_of_an_act_answers_what_the_first_did() {
        Session session = host.login(host.alice);
        VerifiedToken token = host.tokens.of(session);
        RevocationCause named = CAUSE.named(new OperationId(1, 2));
        RevocationOutcome first = host.service.revokeToken(token, named);
        for (int i = 0; i < 2; i++) {
            revoke(host.tokens.of(session));
        }
        VerifiedToken alive = host.tokens.of(session);

        RevocationOutcome repeated = host.service.revokeToken(token, named);

        assertThat(first).isEqualTo(TestHost.revoked(Kind.TOKEN, 1, true));
        assertThat(repeated).isEqualTo(TestHost.revoked(Kind.TOKEN, 1, false));
        host.assertActive(alive);
    }

    @Test
    void what_is_forgotten_makes_room_again() {
        Session session = host.login(host.alice);
        for (int i = 0; i < 3; i++) {
            revoke(host.tokens.of(session));
        }
        AuthenticToken last = host.tokens.of(session);
        host.clock.set(last.forgetAfter());

        assertThat(revoke(host.tokens.of(session))).isEqualTo(Kind.TOKEN);
    }

    @Test
    void a_realm_is_never_revoked_for_a_share() {
        for (int i = 0; i < 20; i++) {
            VerifiedToken nobody = host.tokens.draft("x").without("sub").verified();
            assertThat(revoke(nobody)).isEqualTo(Kind.TOKEN);
        }
    }

    @Test
    void during_an_outage_the_finer_one_is_asked_for_too() {
        Session session = host.login(host.alice);
        for (int i = 0; i < 3; i++) {
            revoke(host.tokens.of(session));
        }
        VerifiedToken token = host.tokens.of(session);
        host.store.takeCalls();
        host.store.goDown();

        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> revoke(token));
        assertThat(host.store.takeCalls()).containsExactly("revoke", "revoke");
        host.store.recover();
        assertThat(revoke(token)).isEqualTo(Kind.SESSION);
    }

    @Test
    void impossible_shares_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionService.builder().revocationsAtMost(0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionService.builder().revocationsAtMost(1, 0));
    }

    @Test
    void the_counts_of_whoever_was_quiet_longest_go_first() {
        EntryCounts counts = new EntryCounts(3);
        Instant now = TestHost.BIRTH;
        Instant later = now.plus(Duration.ofHours(1));
        LookupKey quiet = LookupKey.of("owner", "quiet");
        LookupKey busy = LookupKey.of("owner", "busy");
        counts.add(quiet, LookupKey.of("entry", "1"), later);
        counts.add(busy, LookupKey.of("entry", "2"), later);
        counts.add(busy, LookupKey.of("entry", "3"), later);
        counts.add(busy, LookupKey.of("entry", "3"), later);
        assertThat(counts.countUpTo(9, quiet, now)).isEqualTo(1);
        counts.countUpTo(9, busy, now);
        counts.add(busy, LookupKey.of("entry", "4"), now);

        assertThat(counts.countUpTo(9, quiet, now)).isZero();
        assertThat(counts.contains(quiet, LookupKey.of("entry", "1"))).isFalse();
        assertThat(counts.countUpTo(4, busy, now)).as("nobody looked yet").isEqualTo(3);
        assertThat(counts.countUpTo(3, busy, now))
                .as("one of them is forgotten")
                .isEqualTo(2);
    }

    @Test
    void a_share_keeps_nothing_from_being_revoked_when_nobody_can_say_whose_a_session_is() {
        endSessions(host.alice, 5);
        Session session = host.login(host.alice);
        host.store.before(verb -> {
            if (verb.equals("find")) {
                throw new StoreUnavailableException("a find", null);
            }
        });

        RevocationOutcome outcome = host.service.revokeSession(host.alice, session.handle(), TestHost.BY_ADMIN);
        host.store.recover();

        assertThat(kindOf(outcome)).isEqualTo(Kind.SESSION);
        host.assertRevoked(host.tokens.of(session));
    }

    @Test
    void a_coarser_act_whose_answer_was_lost_is_no_denial() {
        endSessions(host.alice, 5);
        VerifiedToken token = host.loginToken(host.alice);
        host.events.clear();
        AtomicBoolean isLost = new AtomicBoolean();
        host.store.after(verb -> {
            if (verb.equals("revoke") && !isLost.getAndSet(true)) {
                throw new StoreUnavailableException("a revoke", null);
            }
        });

        RevocationOutcome outcome = host.service.logout(token);
        host.store.recover();

        assertThat(kindOf(outcome)).isEqualTo(Kind.SUBJECT);
        assertThat(host.events(RevocationDenied.class)).isEmpty();
        assertThat(host.events(RevocationRecorded.class))
                .singleElement()
                .satisfies(recorded -> assertThat(recorded.target().kind()).isEqualTo(Kind.SUBJECT));
        assertThat(host.events(SessionEnded.class))
                .extracting(SessionEnded::session)
                .containsExactly(token.session().orElseThrow().handle());
    }
}
