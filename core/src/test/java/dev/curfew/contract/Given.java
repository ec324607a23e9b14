package dev.curfew.contract;

import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.store.OperationId;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/** The values that tests of stores begin with. */
public final class Given {
    /**
     * When stores under test are opened for the first time. Lies ahead of every real clock, as whoever purges by one
     * needs.
     */
    public static final Instant BIRTH = Instant.parse("2035-05-04T10:00:00Z");

    /** When tests begin: long enough after {@link #BIRTH}. */
    public static final Instant NOW = BIRTH.plus(Duration.ofHours(1));

    /** The settings of stores under test: the defaults. */
    public static final StoreSettings SETTINGS = StoreSettings.defaults();

    /** What a session's revocation outlives its absolute end by. */
    public static final Duration LONGEST_TOKEN = Duration.ofMinutes(20);

    /** Where everything happens that does not name another realm. */
    public static final Realm REALM = Realm.of("shop");

    private static final SecureRandom RANDOM = new SecureRandom();

    private Given() {}

    /**
     * A subject of {@link #REALM}.
     *
     * @param name its value
     * @return the subject
     */
    public static SubjectId subject(String name) {
        return new SubjectId(REALM, name);
    }

    /**
     * A client of {@link #REALM}.
     *
     * @param name its value
     * @return the client
     */
    public static ClientId client(String name) {
        return new ClientId(REALM, name);
    }

    /**
     * Starts a session that lasts 30 days, begins at {@link #NOW} and has a new id of ours.
     *
     * @param subject whose
     * @return a builder
     */
    public static GivenSession.Builder session(SubjectId subject) {
        return new GivenSession.Builder(subject);
    }

    /**
     * A new id of ours.
     *
     * @param subject whose session it names
     * @param began when the session began
     * @return the id
     */
    public static SessionId sessionId(SubjectId subject, Instant began) {
        return SessionId.mint(subject, began, RANDOM);
    }

    /**
     * Starts the facts of a token that names a subject and no session.
     *
     * @param subject whose
     * @param jti the token's id
     * @return a builder without any instant
     */
    public static TokenFacts.Builder token(SubjectId subject, String jti) {
        return TokenFacts.in(subject.realm()).token(TokenId.ofJti(jti)).subject(subject);
    }

    /**
     * The target that is one token of a subject.
     *
     * @param subject whose
     * @param jti the token's id
     * @return the target
     */
    public static RevocationTarget tokenTarget(SubjectId subject, String jti) {
        return RevocationTarget.token(token(subject, jti).build());
    }

    /**
     * Starts a request by an administrator, with an operation id of its own.
     *
     * @param target what is to be revoked
     * @return a builder
     */
    public static RevocationRequest.Builder act(RevocationTarget target) {
        return RevocationRequest.of(target, operation())
                .because(RevocationReason.REVOKED_BY_ADMIN, Actor.admin("admin-7"));
    }

    /**
     * An exchange of one secret for another, with a credential that tells which secret it came with.
     *
     * @param expected the text of the secret that stands there
     * @param next the text of the secret that shall stand there
     * @return the exchange, which leaves no notice
     */
    public static Rotation exchange(String expected, String next) {
        return Rotation.ofSecret(SecretHash.of(expected), SecretHash.of(next), next.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return a new name of an act} */
    public static OperationId operation() {
        return OperationId.random(RANDOM);
    }
}
