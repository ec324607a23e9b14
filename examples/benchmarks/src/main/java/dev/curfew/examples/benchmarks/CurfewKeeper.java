package dev.curfew.examples.benchmarks;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoredSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/** Sessions in a store of Curfew. */
final class CurfewKeeper implements SessionKeeper {
    static final Duration LIFETIME = Duration.ofDays(30);
    private static final byte[] PAYLOAD = new byte[200];

    private final SessionStore hasty;
    private final SessionStore store;
    private final Runnable closing;
    private final SecureRandom random = new SecureRandom();

    /** With one store to fill, and one on the same data that is measured. */
    CurfewKeeper(SessionStore hasty, SessionStore store, Runnable closing) {
        this.hasty = hasty;
        this.store = store;
        this.closing = closing;
    }

    @Override
    public void begin(String name, int count) {
        SubjectId subject = subject(name);
        for (int i = 0; i < count; i++) {
            begin(hasty, subject, random);
        }
    }

    /** Begins a session of a subject, and answers its name. */
    static SessionRef begin(SessionStore store, SubjectId subject, SecureRandom random) {
        return begin(store, subject, Instant.now(), random);
    }

    /** The same behind whatever has ended the subject's sessions: a login begins later than that. */
    static SessionRef beginBehindCutOff(SessionStore store, SubjectId subject, SecureRandom random) {
        Instant now = Instant.now();
        Instant behind = store.newestCutOff(subject, now).plusMillis(1);
        return begin(store, subject, behind.isAfter(now) ? behind : now, random);
    }

    private static SessionRef begin(SessionStore store, SubjectId subject, Instant now, SecureRandom random) {
        SessionRef session = SessionRef.of(subject, SessionId.mint(subject, now, random));
        Instant end = now.plus(LIFETIME);
        store.insert(
                StoredSession.of(subject, session)
                        .authenticatedAt(now)
                        .createdAt(now)
                        .ends(end, LIFETIME)
                        .forgetAfter(end.plus(Duration.ofHours(1)))
                        .payload(PAYLOAD)
                        .build(),
                SessionLimit.unlimited(),
                now);
        return session;
    }

    @Override
    public void endAll(String subject) {
        RevocationRequest request = RevocationRequest.of(
                        RevocationTarget.subject(subject(subject)), OperationId.random(random))
                .because(RevocationReason.REVOKED_BY_USER, Actor.user())
                .build();
        store.revoke(request, Precondition.none(), Instant.now());
    }

    @Override
    public boolean hasAny(String subject) {
        return !store.list(subject(subject), ListQuery.live(1), Instant.now())
                .sessions()
                .isEmpty();
    }

    @Override
    public void close() {
        closing.run();
    }

    private static SubjectId subject(String name) {
        return new SubjectId(TokenIssuer.REALM, name);
    }
}
