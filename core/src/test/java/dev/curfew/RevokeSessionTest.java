package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.event.SessionEvent.Denial;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One session by its public handle, as it stands in a URL. DEL, SES-06, SES-07. */
class RevokeSessionTest {
    private final TestHost host = TestHost.start();

    @Test
    void a_user_ends_another_session_of_theirs() {
        VerifiedToken caller = host.loginToken(host.alice);
        Session other = host.login(host.alice);
        host.store.takeCalls();

        RevocationOutcome outcome =
                host.service.revokeSession(caller, other.handle().value());

        assertThat(outcome).isEqualTo(TestHost.revoked(Kind.SESSION, 1, true));
        assertThat(host.store.takeCalls()).containsExactly("revoke");
        host.assertRevoked(host.tokens.of(other));
        host.assertActive(caller);
        assertThat(host.service.checker().check(host.tokens.of(other)).reason())
                .contains(RevocationReason.REVOKED_BY_USER);
    }

    @Test
    void a_user_ends_the_current_session_by_its_handle() {
        VerifiedToken caller = host.loginToken(host.alice);
        String handle = caller.session().orElseThrow().handle().value();

        assertThat(host.service.revokeSession(caller, handle)).isEqualTo(TestHost.revoked(Kind.SESSION, 1, true));

        host.assertRevoked(caller);
        assertThat(host.service.revokeSession(caller, handle)).isInstanceOf(RevocationOutcome.CallerRevoked.class);
    }

    @Test
    void ending_an_ended_session_again_succeeds_and_changes_nothing() {
        VerifiedToken caller = host.loginToken(host.alice);
        String other = host.login(host.alice).handle().value();
        host.service.revokeSession(caller, other);

        assertThat(host.service.revokeSession(caller, other)).isEqualTo(TestHost.revoked(Kind.SESSION, 0, false));
    }

    @Test
    void a_session_of_somebody_else_is_not_owned_and_lives_on() {
        VerifiedToken caller = host.loginToken(host.alice);
        VerifiedToken victim = host.loginToken(host.bob);

        assertThat(host.service.revokeSession(
                        caller, victim.session().orElseThrow().handle().value()))
                .isEqualTo(new RevocationOutcome.NotOwned());

        host.assertActive(victim, caller);
    }

    @Test
    void a_foreign_and_an_unknown_id_answer_alike_and_cost_the_same_calls() {
        VerifiedToken caller = host.loginToken(host.alice);
        String foreign = host.login(host.bob).handle().value();
        String unknown =
                SessionId.mint(host.bob, host.now(), new SecureRandom()).value();
        String unknownOfMine =
                SessionId.mint(host.alice, host.now(), new SecureRandom()).value();
        host.store.takeCalls();

        for (String handle : new String[] {foreign, unknown, unknownOfMine}) {
            assertThat(host.service.revokeSession(caller, handle)).isEqualTo(new RevocationOutcome.NotOwned());
            assertThat(host.store.takeCalls()).containsExactly("revoke");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "alice",
                "../../etc/passwd",
                "00000000-0000-0000-0000-000000000000",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
                "' OR '1'='1",
                "ÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿ"
            })
    void a_malformed_id_answers_alike_and_costs_no_call(String malformed) {
        VerifiedToken caller = host.loginToken(host.alice);
        host.store.takeCalls();

        assertThat(host.service.revokeSession(caller, malformed)).isEqualTo(new RevocationOutcome.NotOwned());

        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_respelled_id_of_ones_own_session_is_malformed() {
        VerifiedToken caller = host.loginToken(host.alice);
        String handle = caller.session().orElseThrow().handle().value();

        for (String respelled : new String[] {handle + "=", " " + handle, handle + "A", handle.substring(1)}) {
            assertThat(host.service.revokeSession(caller, respelled)).isEqualTo(new RevocationOutcome.NotOwned());
        }
        host.assertActive(caller);
    }

    @Test
    void a_denial_is_reported_with_the_caller_and_what_they_tried() {
        VerifiedToken caller = host.loginToken(host.alice);
        Session victim = host.login(host.bob);
        host.events.clear();

        host.service.revokeSession(caller, victim.handle().value());

        assertThat(host.events).singleElement().isInstanceOfSatisfying(RevocationDenied.class, denied -> {
            assertThat(denied.caller()).isEqualTo(host.alice);
            assertThat(denied.target()).isEqualTo(RevocationTarget.session(victim.ref()));
            assertThat(denied.denial()).isEqualTo(Denial.NOT_OWNED);
            assertThat(denied.at()).isEqualTo(host.now());
        });
    }

    @Test
    void a_revoked_caller_is_denied_and_reported_as_such() {
        VerifiedToken caller = host.loginToken(host.alice);
        Session other = host.login(host.alice);
        host.service.logout(caller);
        host.events.clear();

        assertThat(host.service.revokeSession(caller, other.handle().value()))
                .isInstanceOf(RevocationOutcome.CallerRevoked.class);

        host.assertActive(host.tokens.of(other));
        assertThat(host.events)
                .singleElement()
                .isInstanceOfSatisfying(
                        RevocationDenied.class,
                        denied -> assertThat(denied.denial()).isEqualTo(Denial.CALLER_REVOKED));
    }

    @Test
    void a_token_revoked_alone_cannot_end_anything_either() {
        Session session = host.login(host.alice);
        VerifiedToken stolen = host.tokens.of(session);
        Session other = host.login(host.alice);
        host.service.revokeToken(stolen, TestHost.BY_ADMIN);

        assertThat(host.service.revokeSession(stolen, other.handle().value()))
                .isInstanceOf(RevocationOutcome.CallerRevoked.class);

        host.assertActive(host.tokens.of(other), host.tokens.of(session));
    }

    @Test
    void handles_of_a_foreign_issuer_are_read_as_such() {
        VerifiedToken caller = host.partner.draft("alice").with("sid", "idp-1").verified();
        VerifiedToken other = host.partner.draft("alice").with("sid", "idp 2/ñ").verified();
        VerifiedToken stranger = host.partner.draft("bob").with("sid", "idp-3").verified();
        host.adopt(other);
        host.adopt(stranger);

        assertThat(host.service.revokeSession(caller, "idp 2/ñ"))
                .isEqualTo(TestHost.revoked(Kind.FOREIGN_SESSION, 1, true));
        assertThat(host.service.revokeSession(caller, "idp-3")).isEqualTo(new RevocationOutcome.NotOwned());
        assertThat(host.service.revokeSession(caller, "idp-unknown")).isEqualTo(new RevocationOutcome.NotOwned());

        host.assertRevoked(other);
        host.assertActive(caller, stranger);
    }

    @Test
    void a_foreign_handle_that_no_store_could_keep_costs_no_call() {
        VerifiedToken caller = host.partner.draft("alice").with("sid", "idp-1").verified();
        host.store.takeCalls();

        for (String malformed : new String[] {"", "\uD800", "x".repeat(16_385)}) {
            assertThat(host.service.revokeSession(caller, malformed)).isEqualTo(new RevocationOutcome.NotOwned());
        }
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void an_id_of_ours_means_nothing_to_a_foreign_issuers_token() {
        Session ours = host.login(new SubjectId(TestHost.PARTNER, "alice"));
        VerifiedToken caller = host.partner.draft("alice").with("sid", "idp-1").verified();

        assertThat(host.service.revokeSession(caller, ours.handle().value()))
                .isEqualTo(new RevocationOutcome.NotOwned());
        assertThat(host.handlesOf(ours.subject())).containsExactly(ours.handle());
    }

    @Test
    void an_administrator_ends_any_session_of_the_subject() {
        Session session = host.login(host.bob);

        assertThat(host.service.revokeSession(host.bob, session.handle(), TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revoked(Kind.SESSION, 1, true));
        assertThat(host.service.revokeSession(host.bob, session.handle(), TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revoked(Kind.SESSION, 0, false));

        host.assertRevoked(host.tokens.of(session));
    }

    @Test
    void an_administrator_may_revoke_a_foreign_session_before_it_was_ever_seen() {
        SubjectId alice = host.partner.subject("alice");

        host.service.revokeSession(alice, new ForeignSessionId("idp-9"), TestHost.BY_ADMIN);

        host.assertRevoked(host.partner.draft("alice").with("sid", "idp-9").verified());
    }

    @Test
    void an_id_of_ours_from_another_bucket_is_refused_for_an_administrator() {
        Session session = host.login(host.bob);

        assertThatExceptionOfType(InvalidIdentifierException.class)
                .isThrownBy(() -> host.service.revokeSession(host.alice, session.handle(), TestHost.BY_ADMIN));
        host.assertActive(host.tokens.of(session));
    }
}
