package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.ListQuery;
import dev.curfew.store.OperationId;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A store that does not answer: every verb says so, and nothing is claimed. LOG-07. */
class OutageTest {
    private final TestHost host = TestHost.start();
    private final Session session = host.login(host.alice);
    private final VerifiedToken token = host.tokens.of(session);
    private final Session other = host.login(host.alice);

    private Map<String, Runnable> revocations() {
        Map<String, Runnable> verbs = new LinkedHashMap<>();
        verbs.put("logout", () -> host.service.logout(token));
        verbs.put(
                "revokeSession",
                () -> host.service.revokeSession(token, other.handle().value()));
        verbs.put("revokeOtherSessions", () -> host.service.revokeOtherSessions(token));
        verbs.put("revokeAllSessions", () -> host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN));
        verbs.put(
                "revokeSession by admin",
                () -> host.service.revokeSession(host.alice, other.handle(), TestHost.BY_ADMIN));
        verbs.put("revokeToken", () -> host.service.revokeToken(token, TestHost.BY_ADMIN));
        verbs.put(
                "revokeClient",
                () -> host.service.revokeClient(new ClientId(TestHost.REALM, "web"), TestHost.BY_ADMIN));
        verbs.put("revokeRealm", () -> host.service.revokeRealm(TestHost.REALM, TestHost.BY_ADMIN));
        verbs.put("revokeKey", () -> host.service.revokeKey("k", TestHost.BY_ADMIN));
        verbs.put(
                "revokeIssuedBefore", () -> host.service.revokeIssuedBefore(host.alice, host.now(), TestHost.BY_ADMIN));
        return verbs;
    }

    private Map<String, Runnable> others() {
        Map<String, Runnable> verbs = new LinkedHashMap<>();
        VerifiedToken foreign = host.partner.draft("alice").with("sid", "idp-1").verified();
        LoginAttempt attempt = host.service.beginLogin(host.alice);
        verbs.put("beginLogin", () -> host.service.beginLogin(host.alice));
        verbs.put("complete", () -> attempt.complete(DeviceInfo.unknown()));
        verbs.put("adopt", () -> host.service.adopt(foreign, DeviceInfo.unknown()));
        verbs.put("listSessions", () -> host.service.listSessions(token));
        verbs.put("listSessions by admin", () -> host.service.listSessions(host.alice, ListQuery.all(1)));
        verbs.put("findSession", () -> host.service.findSession(session.ref()));
        verbs.put("explain", () -> host.service.checker().explain(token));
        verbs.put("purge", () -> host.service.purge(10));
        return verbs;
    }

    @Test
    void every_revocation_is_reported_as_not_known_to_have_happened() {
        host.store.goDown();
        revocations().forEach((verb, call) -> {
            host.events.clear();
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .as(verb)
                    .isThrownBy(call::run)
                    .withMessageContaining("not known to have happened")
                    .satisfies(e -> assertThat(e.isRetryable()).isTrue());
            assertThat(host.events).as(verb).singleElement().isInstanceOf(RevocationFailed.class);
        });
        host.store.recover();

        host.assertActive(token, host.tokens.of(other));
    }

    @Test
    void a_revocation_of_which_a_read_failed_is_reported_as_not_known_to_have_happened() {
        host.store.before(verb -> {
            throw new StoreUnavailableException("a read that belongs to it", null);
        });
        revocations()
                .forEach((verb, call) -> assertThatExceptionOfType(StoreUnavailableException.class)
                        .as(verb)
                        .isThrownBy(call::run)
                        .withMessageContaining("not known to have happened"));
    }

    @Test
    void a_revocation_before_the_horizon_has_not_happened() {
        host.store.before(verb -> {
            throw new BeforeHorizonException(verb, host.now(), host.now().plusSeconds(1));
        });
        assertThatExceptionOfType(BeforeHorizonException.class)
                .isThrownBy(() -> host.service.logout(token))
                .withMessageNotContaining("not known to have happened");
    }

    @Test
    void every_other_verb_is_reported_without_an_event() {
        Map<String, Runnable> verbs = others();
        host.store.goDown();
        host.events.clear();

        verbs.forEach((verb, call) -> assertThatExceptionOfType(StoreUnavailableException.class)
                .as(verb)
                .isThrownBy(call::run));

        assertThat(host.events).isEmpty();
    }

    @Test
    void the_event_says_what_was_to_be_revoked_why_and_by_whom() {
        host.store.goDown();
        host.events.clear();
        RevocationCause cause = RevocationCause.byAdmin(RevocationReason.ACCOUNT_DISABLED, "admin-7");

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> host.service.revokeAllSessions(host.alice, cause));

        RevocationFailed failed = host.events(RevocationFailed.class).get(0);
        assertThat(failed.target()).isEqualTo(RevocationTarget.subject(host.alice));
        assertThat(failed.subject()).isEqualTo(host.alice);
        assertThat(failed.reason()).isEqualTo(RevocationReason.ACCOUNT_DISABLED);
        assertThat(failed.actor().id()).isEqualTo("admin-7");
        assertThat(failed.at()).isEqualTo(host.now());
    }

    @Test
    void a_revocation_whose_answer_was_lost_is_safe_to_repeat() {
        host.store.loseAnswers();
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> host.service.logout(token));
        host.store.recover();

        assertThat(host.service.logout(token)).isInstanceOf(RevocationOutcome.CallerRevoked.class);
        host.assertRevoked(token);
    }

    @Test
    void ended_sessions_that_cannot_be_read_are_not_claimed_and_the_revocation_stands() {
        host.store.before(verb -> {
            if (verb.equals("list")) {
                throw new StoreUnavailableException(verb, null);
            }
        });
        host.events.clear();

        assertThat(host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revoked(RevocationTarget.Kind.SUBJECT, 2, true));

        assertThat(host.events).singleElement().isInstanceOf(SessionEvent.RevocationRecorded.class);
    }

    /** EventPublisher.run: "never throws". */
    @Test
    void a_mistake_of_the_store_while_ended_sessions_are_read_does_not_fail_the_revocation() {
        host.store.before(verb -> {
            if (verb.equals("list")) {
                throw new IllegalStateException("a bug");
            }
        });

        assertThat(host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revoked(RevocationTarget.Kind.SUBJECT, 2, true));
    }

    @Test
    void a_mistake_of_the_store_is_no_outage() {
        host.store.before(verb -> {
            throw new IllegalStateException("a bug");
        });
        host.events.clear();

        assertThatIllegalStateException().isThrownBy(() -> host.service.logout(token));

        assertThat(host.events(RevocationFailed.class)).isEmpty();
        host.store.recover();
        host.assertActive(token);
    }

    @Test
    void each_failed_attempt_of_a_named_act_has_the_same_name() {
        host.store.goDown();
        host.events.clear();
        RevocationCause named = TestHost.BY_ADMIN.named(new OperationId(7, 7));
        List<String> names = new ArrayList<>();

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> host.service.revokeAllSessions(host.alice, named));
        }
        host.events.forEach(event -> names.add(event.id()));

        assertThat(names).hasSize(2).containsOnly(names.get(0));
    }
}
