package dev.curfew.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import ch.qos.logback.classic.Level;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.event.SessionEvent.Denial;
import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.event.SessionEvent.SessionExpired;
import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One event, one line: who, what, with which result, why and when. LOG-01, LOG-05. */
class AuditLogTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
    private static final Realm REALM = Realm.of("shop");
    private static final SubjectId ALICE = new SubjectId(REALM, "alice");

    private final SessionId id = SessionId.mint(ALICE, NOW, new SecureRandom());
    private final Session session = Session.of(ALICE, id)
            .device(DeviceInfo.of("Firefox on Linux"))
            .authenticatedAt(NOW)
            .createdAt(NOW)
            .lastSeenAt(NOW)
            .expiresAt(NOW.plus(Duration.ofHours(1)))
            .idleTimeout(Duration.ofHours(1))
            .build();
    private final RevocationTarget target = RevocationTarget.session(session.ref());
    private final AuditLines lines = new AuditLines();

    @AfterEach
    void close() {
        lines.close();
    }

    private static Revocation revocation(RevocationTarget target, RevocationReason reason, Actor actor) {
        return Revocation.of(target)
                .because(reason, actor)
                .revokedAt(NOW)
                .forgetAfter(NOW.plus(Duration.ofDays(1)))
                .build();
    }

    private Level level() {
        return lines.events().get(0).getLevel();
    }

    @Test
    void a_login_is_session_created() {
        assertThat(lines.pairs(new SessionCreated("created:1", NOW, session)))
                .containsExactly(
                        entry("event", "session_created"),
                        entry("result", "success"),
                        entry("realm", "shop"),
                        entry("subject", "alice"),
                        entry("session", id.value()),
                        entry("device", "Firefox on Linux"),
                        entry("at", "2026-03-01T12:00:00.123Z"),
                        entry("id", "created:1"));
        assertThat(level()).isEqualTo(Level.INFO);
        assertThat(lines.events().get(0).getLoggerName()).isEqualTo("dev.curfew.audit");
    }

    @Test
    void a_login_over_the_limit_is_excess_sessions_exceeded() {
        assertThat(lines.pairs(new LoginRefused("e", NOW, ALICE, LoginRefusal.LIMIT_REACHED)))
                .containsExactly(
                        entry("event", "excess_sessions_exceeded"),
                        entry("result", "denied"),
                        entry("realm", "shop"),
                        entry("subject", "alice"),
                        entry("at", NOW.toString()),
                        entry("id", "e"));
        assertThat(level()).isEqualTo(Level.WARN);
    }

    @Test
    void a_login_overtaken_says_so() {
        assertThat(lines.pairs(new LoginRefused("e", NOW, ALICE, LoginRefusal.OVERTAKEN)))
                .containsEntry("event", "login_overtaken")
                .containsEntry("result", "denied")
                .containsEntry("subject", "alice");
    }

    @Test
    void a_logout_is_session_logout() {
        SessionEvent event = new SessionEnded(
                "ended:1", NOW, ALICE, id, revocation(target, RevocationReason.USER_LOGOUT, Actor.user()));

        assertThat(lines.pairs(event))
                .containsExactly(
                        entry("event", "session_logout"),
                        entry("result", "success"),
                        entry("realm", "shop"),
                        entry("subject", "alice"),
                        entry("session", id.value()),
                        entry("reason", "user_logout"),
                        entry("actor", "user"),
                        entry("at", NOW.toString()),
                        entry("id", "ended:1"));
        assertThat(level()).isEqualTo(Level.INFO);
    }

    @Test
    void any_other_end_by_a_revocation_is_session_revoked_with_its_reason_and_actor() {
        SessionEvent event = new SessionEnded(
                "ended:1",
                NOW,
                ALICE,
                id,
                revocation(target, RevocationReason.ACCOUNT_DISABLED, Actor.admin("admin-7")));

        assertThat(lines.pairs(event))
                .containsEntry("event", "session_revoked")
                .containsEntry("reason", "account_disabled")
                .containsEntry("actor", "admin")
                .containsEntry("actor_id", "admin-7");
    }

    @Test
    void a_revocation_says_what_whose_why_by_whom_and_how_many() {
        Revocation entry = revocation(
                RevocationTarget.subject(ALICE), RevocationReason.CREDENTIAL_CHANGED, Actor.policy("password-change"));
        SessionEvent event =
                new RevocationRecorded("revoked:1", NOW, entry.target(), ALICE, id, entry, OptionalLong.of(3));

        assertThat(lines.pairs(event))
                .containsEntry("event", "revocation_recorded")
                .containsEntry("result", "success")
                .containsEntry("target", "subject")
                .containsEntry("realm", "shop")
                .containsEntry("subject", "alice")
                .containsEntry("session", id.value())
                .containsEntry("count", "3")
                .containsEntry("reason", "credential_changed")
                .containsEntry("actor", "policy")
                .containsEntry("actor_id", "password-change")
                .containsEntry("at", NOW.toString())
                .containsEntry("id", "revoked:1");
    }

    static Stream<RevocationTarget> targetsThatNameNobody() {
        return Stream.of(
                RevocationTarget.client(new ClientId(REALM, "web")),
                RevocationTarget.realm(REALM),
                RevocationTarget.signingKey("thumbprint"),
                RevocationTarget.subject(ALICE),
                RevocationTarget.token(
                        TokenFacts.in(REALM).token(TokenId.ofJti("t")).build()));
    }

    /** Who (actor and target): "target=client" alone does not say which one. */
    @ParameterizedTest
    @MethodSource("targetsThatNameNobody")
    void a_revocation_that_names_nobody_in_clear_says_at_least_the_key_of_its_target(RevocationTarget nobody) {
        Revocation entry = revocation(nobody, RevocationReason.POLICY, Actor.system());
        SessionEvent event = new RevocationRecorded("e", NOW, nobody, null, null, entry, OptionalLong.empty());

        assertThat(lines.pairs(event))
                .doesNotContainKey("count")
                .containsEntry("key", nobody.key().toString());
    }

    @Test
    void a_denied_revocation_is_authz_fail_with_the_caller_and_what_they_tried() {
        assertThat(lines.pairs(new RevocationDenied("e", NOW, ALICE, target, Denial.NOT_OWNED)))
                .containsExactly(
                        entry("event", "authz_fail"),
                        entry("result", "denied"),
                        entry("realm", "shop"),
                        entry("subject", "alice"),
                        entry("target", "session"),
                        entry("key", target.key().toString()),
                        entry("reason", "not_owned"),
                        entry("at", NOW.toString()),
                        entry("id", "e"));
        assertThat(level()).isEqualTo(Level.WARN);
    }

    @Test
    void a_failed_revocation_is_a_failure_with_what_why_and_by_whom() {
        SessionEvent event = new RevocationFailed(
                "e", NOW, target, ALICE, RevocationReason.REVOKED_BY_ADMIN, Actor.admin("admin-7"));

        assertThat(lines.pairs(event))
                .containsEntry("event", "revocation_failed")
                .containsEntry("result", "failure")
                .containsEntry("target", "session")
                .containsEntry("key", target.key().toString())
                .containsEntry("subject", "alice")
                .containsEntry("reason", "revoked_by_admin")
                .containsEntry("actor_id", "admin-7");
        assertThat(level()).isEqualTo(Level.WARN);
    }

    @Test
    void the_use_of_a_revoked_token_is_session_use_after_expire() {
        assertThat(lines.pairs(new RevokedTokenUsed("e", NOW, ALICE, id, RevocationReason.USER_LOGOUT)))
                .containsEntry("event", "session_use_after_expire")
                .containsEntry("result", "denied")
                .containsEntry("subject", "alice")
                .containsEntry("session", id.value())
                .containsEntry("reason", "user_logout");
        assertThat(level()).isEqualTo(Level.WARN);
    }

    @Test
    void what_is_not_known_is_left_out() {
        assertThat(lines.pairs(new RevokedTokenUsed("e", NOW, null, null, RevocationReason.POLICY)))
                .doesNotContainKeys("realm", "subject", "session");
        assertThat(lines.pairs(new RevocationDenied("e", NOW, null, target, Denial.CALLER_REVOKED)))
                .doesNotContainKeys("realm", "subject")
                .containsEntry("reason", "caller_revoked");
    }

    @Test
    void an_unanswered_check_is_a_failure_and_says_whether_it_let_the_request_pass() {
        assertThat(lines.pairs(new CheckUnanswered("e", NOW, true)))
                .containsEntry("event", "revocation_check_unanswered")
                .containsEntry("result", "failure")
                .containsEntry("allowed", "true");
        assertThat(level()).isEqualTo(Level.WARN);
    }

    @Test
    void a_sign_of_life_is_session_renewed() {
        assertThat(lines.pairs(new SessionRenewed("e", NOW, ALICE, id)))
                .containsExactly(
                        entry("event", "session_renewed"),
                        entry("result", "success"),
                        entry("realm", "shop"),
                        entry("subject", "alice"),
                        entry("session", id.value()),
                        entry("at", NOW.toString()),
                        entry("id", "e"));
        assertThat(level()).isEqualTo(Level.INFO);
    }

    @Test
    void the_end_by_time_is_session_expired_and_says_how_sure_that_is() {
        assertThat(lines.pairs(new SessionExpired("ended:1", NOW, ALICE, id, true)))
                .containsExactly(
                        entry("event", "session_expired"),
                        entry("result", "success"),
                        entry("realm", "shop"),
                        entry("subject", "alice"),
                        entry("session", id.value()),
                        entry("reason", "expired"),
                        entry("at", NOW.toString()),
                        entry("id", "ended:1"));
        assertThat(lines.pairs(new SessionExpired("ended:1", NOW, null, id, false)))
                .doesNotContainKeys("realm", "subject")
                .containsEntry("reason", "expired_or_forgotten");
    }
}
