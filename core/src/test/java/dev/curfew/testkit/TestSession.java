package dev.curfew.testkit;

import dev.curfew.crypto.SecretToken;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A session of a {@link TestCurfew}, with its tokens and with ways to end it. Immutable; what it stands for is not.
 */
public final class TestSession {
    private static final Duration A_BIT = Duration.ofMillis(1);

    private final TestCurfew curfew;
    private final Session session;
    private final Optional<SecretToken> credential;

    TestSession(TestCurfew curfew, Session session, Optional<SecretToken> credential) {
        this.curfew = curfew;
        this.session = session;
        this.credential = credential;
    }

    /** {@return the session as it began} */
    public Session session() {
        return session;
    }

    /** {@return whose it is} */
    public SubjectId subject() {
        return session.subject();
    }

    /** {@return its public name, as in the {@code sid} of tokens and in URLs} */
    public String handle() {
        return session.handle().value();
    }

    /**
     * The session token or refresh token that the login handed out.
     *
     * @return its text
     * @throws IllegalStateException if the login asked for none
     */
    public String credential() {
        return credential
                .orElseThrow(() -> new IllegalStateException(
                        "this login asked for no credential: login(\"…\", LoginAttempt::withSessionToken)"))
                .reveal();
    }

    /** {@return a new access token of it, good from now on for 15 minutes, whatever has become of the session} */
    public String token() {
        return curfew.issuer().token(session);
    }

    /**
     * A token of it that is not as it should be, for example {@code alice.token(TestIssuer::expired)}.
     *
     * @param kind which
     * @return its text
     */
    public String token(BiFunction<TestIssuer, Session, String> kind) {
        return kind.apply(curfew.issuer(), session);
    }

    /** {@return a new access token of it, verified: what a host's controller is handed} */
    public VerifiedToken caller() {
        return curfew.verifier().verify(token());
    }

    /** {@return whether it is signed in now, neither ended nor over by time} */
    public boolean isLive() {
        return curfew.sessions()
                .findSession(session.ref())
                .filter(found -> found.isLive(curfew.clock().instant()))
                .isPresent();
    }

    /**
     * Logs out, as the person does on this device.
     *
     * @return this
     */
    public TestSession logOut() {
        curfew.sessions().logout(caller());
        return this;
    }

    /**
     * Has an administrator end it.
     *
     * @param reason why
     * @return this
     */
    public TestSession end(RevocationReason reason) {
        curfew.sessions().revokeSession(subject(), session.handle(), TestCurfew.byAdmin(reason));
        return this;
    }

    /**
     * Logs in again in its place, as on the same device. {@link #caller} tells that it is over, by reason
     * {@link RevocationReason#REPLACED}.
     *
     * @return the new session
     */
    public TestSession replace() {
        return curfew.login(subject().value(), attempt -> attempt.replacing(caller()));
    }

    /**
     * Is not used for so long that it ends: time passes, for everybody. An access token of it that lives on is still
     * accepted until its own end.
     *
     * @return this
     */
    public TestSession becomeIdle() {
        Instant lastSeen = curfew.sessions()
                .findSession(session.ref())
                .map(found -> found.session().lastSeenAt())
                .orElse(session.lastSeenAt());
        return passTo(lastSeen.plus(session.idleTimeout()));
    }

    /**
     * Comes to its absolute end: time passes, for everybody.
     *
     * @return this
     */
    public TestSession expire() {
        return passTo(session.expiresAt());
    }

    private TestSession passTo(Instant end) {
        Duration left = Duration.between(curfew.clock().instant(), end.plus(A_BIT));
        if (!left.isNegative()) {
            curfew.advance(left);
        }
        return this;
    }
}
