package dev.curfew.examples.recipes;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.PendingOutcome;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.StepUp;
import dev.curfew.check.RevocationDecision;
import dev.curfew.crypto.KeyRing;
import dev.curfew.http.HeaderField;
import dev.curfew.http.SessionCookie;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.subject.Erasure;
import dev.curfew.subject.HeldSession;
import dev.curfew.subject.SubjectExport;
import dev.curfew.token.Caller;
import dev.curfew.token.ReauthenticationRequiredException;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import dev.curfew.watch.SessionWatch;
import java.io.IOException;
import java.io.Writer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** The recipes of the page of that name, as they stand there. */
final class Recipes {
    private Recipes() {}

    static void changePassword(
            DataSource accounts, JdbcSessionStore store, SessionService sessions, Caller caller, String newHash)
            throws SQLException {
        try (Connection connection = accounts.getConnection()) {
            connection.setAutoCommit(false);
            updateHash(connection, caller.subject().orElseThrow(), newHash);
            PendingOutcome others = sessions.in(store.join(connection))
                    .revokeOtherSessions(caller, RevocationCause.byUser(RevocationReason.CREDENTIAL_CHANGED));
            connection.commit();
            others.committed();
        }
    }

    private static void updateHash(Connection connection, SubjectId subject, String hash) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE accounts SET hash = ? WHERE name = ?")) {
            update.setString(1, hash);
            update.setString(2, subject.value());
            update.executeUpdate();
        }
    }

    static void endAllOf(SessionService sessions, SubjectId subject, String administrator) {
        sessions.revokeAllSessions(subject, RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, administrator));
    }

    static void signOutEverybody(SessionService sessions, Realm realm, String administrator) {
        sessions.revokeRealm(realm, RevocationCause.byAdmin(RevocationReason.POLICY, administrator));
    }

    static SessionService threeDevicesAtMost(JdbcSessionStore store, KeyRing keys, TokenPolicy policy) {
        return SessionService.builder()
                .store(store)
                .encryption(keys)
                .lifetimes(SessionLifetimes.aal1())
                .tokenPolicies(policy)
                .sessionLimit(SessionLimit.endOldestBeyond(3)) // or refuseBeyond(3): the login is refused
                .build();
    }

    static List<HeldSession> deleteAccount(SessionService sessions, SubjectId subject) {
        SubjectExport page = sessions.subjects().exportSubject(subject);
        List<HeldSession> held = new ArrayList<>(page.sessions());
        while (page.next().isPresent()) {
            page = sessions.subjects().exportSubject(subject, page.next().get());
            held.addAll(page.sessions());
        }
        RevocationCause cause = RevocationCause.byUser(RevocationReason.ACCOUNT_DISABLED);
        Erasure erasure = sessions.subjects().eraseSubject(subject, cause, 500);
        while (erasure.next().isPresent()) {
            erasure = sessions.subjects().eraseSubject(subject, erasure.next().get(), 500);
        }
        return held;
    }

    static HeaderField login(SessionService sessions, SessionCookie cookie, SubjectId subject, boolean remember) {
        LoginAttempt attempt = sessions.beginLogin(subject).withSessionToken();
        // … here the password is checked …
        SessionLifetimes day = SessionLifetimes.aal2();
        LoggedIn login = (LoggedIn) (remember ? attempt : attempt.lifetimes(day)).complete(DeviceInfo.unknown());
        String token = login.token().orElseThrow().reveal();
        return remember ? cookie.set(token, Duration.ofDays(30)) : cookie.set(token);
    }

    static void requireSecondFactor(Caller caller, Instant now) throws ReauthenticationRequiredException {
        caller.requireAuthenticatedWithin(Duration.ofMinutes(5), now, "urn:example:mfa"); // else: answer a challenge
    }

    static RenewResult stepUp(SessionService sessions, Caller caller, String presentedToken) {
        StepUp stepUp = sessions.credentials().beginStepUp(caller);
        // … here the code is asked for and checked …
        return stepUp.complete("urn:example:mfa", Set.of("otp"), presentedToken);
    }

    static SessionWatch openSocket(SessionService sessions, Caller caller, Runnable closeSocket) {
        return sessions.watches().watch(caller, news -> {
            if (news.isLast()) {
                closeSocket.run();
            }
        });
    }

    static TokenPolicy ofTenant(String tenant, TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("tenant-" + tenant), "https://" + tenant + ".login.example.com")
                .keys(keys)
                .audience("https://api.example.com")
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(Duration.ofMinutes(15))
                .build();
    }

    static TokenPolicy keycloak(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("staff"), "https://sso.example.com/realms/staff")
                .keys(keys) // TokenKeys.remote(URI.create("https://…/protocol/openid-connect/certs"))
                .audience("orders-api")
                .acceptPlainJwt()
                .require("typ", "Bearer")
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(Duration.ofMinutes(15))
                .build();
    }

    static void beforeTheFirstNewNode(JdbcSessionStore store, Writer script) throws IOException {
        store.writeSchema(script); // for those who apply it themselves, by Flyway, say
        store.migrate(); // or have it applied, as a user who may create tables
    }

    static RevocationDecision inAnotherService(SessionService sessions, TokenVerifier verifier, String bearer) {
        VerifiedToken token = verifier.verify(bearer);
        RevocationDecision decision = sessions.checker().check(token);
        if (decision.permits()) {
            sessions.touchLater(token);
        }
        return decision;
    }
}
