package dev.curfew;

import dev.curfew.crypto.PayloadCodec;
import dev.curfew.crypto.SessionPayload;
import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.session.ClientId;
import dev.curfew.session.CurfewException;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns sessions into the rows that stores keep, and back. Thread-safe. */
final class SessionRows {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRows.class);

    private final SessionLifetimes lifetimes;
    private final Duration tokensOutlive;
    private final KnownRealms realms = new KnownRealms();

    /**
     * Makes the mapping.
     *
     * @param lifetimes of new sessions
     * @param tokensOutlive how long after a session's absolute end a token of it may still be accepted
     */
    SessionRows(SessionLifetimes lifetimes, Duration tokensOutlive) {
        this.lifetimes = lifetimes;
        this.tokensOutlive = tokensOutlive;
    }

    /** The names of the realms that this node has met: a row holds the key of its realm only. */
    KnownRealms realms() {
        return realms;
    }

    Duration absoluteLifetime() {
        return lifetimes.absolute();
    }

    Instant absoluteEnd(Instant authenticatedAt) {
        return authenticatedAt.plus(lifetimes.absolute());
    }

    /** Until when the revocation of a session must be remembered. */
    Instant forgetAfter(Instant authenticatedAt) {
        return absoluteEnd(authenticatedAt).plus(tokensOutlive);
    }

    StoredSession toRow(Session session) {
        realms.add(session.subject().realm());
        SessionPayload payload = new SessionPayload(
                session.subject().value(),
                session.handle() instanceof ForeignSessionId foreign ? foreign.value() : null,
                session.client().map(ClientId::value).orElse(null),
                session.device(),
                session.attributes());
        StoredSession.Builder row = StoredSession.of(session.subject(), session.ref())
                .authenticatedAt(session.authenticatedAt())
                .createdAt(session.createdAt())
                .ends(session.expiresAt(), lifetimes.idle())
                .forgetAfter(session.expiresAt().plus(tokensOutlive))
                .payload(PayloadCodec.encode(payload));
        session.client().map(ClientId::key).ifPresent(row::clientKey);
        return row.build();
    }

    private static Session toSession(Realm realm, StoredSession row) {
        SessionPayload payload = PayloadCodec.decode(row.payload());
        SessionHandle handle = row.id().isPresent() ? row.id().get() : new ForeignSessionId(foreignHandle(payload));
        Session.Builder session = Session.of(new SubjectId(realm, payload.subject()), handle)
                .device(payload.device())
                .attributes(payload.attributes())
                .authenticatedAt(row.authenticatedAt())
                .createdAt(row.createdAt())
                .lastSeenAt(row.lastSeenAt())
                .expiresAt(row.expiresAt());
        String client = payload.client();
        return client == null
                ? session.build()
                : session.client(new ClientId(realm, client)).build();
    }

    /** The public handle of a row: of ours without decoding anything, of a foreign one if its payload can be decoded. */
    Optional<SessionHandle> handleOf(Realm realm, StoredSession row) {
        if (row.id().isPresent()) {
            return Optional.of(row.id().get());
        }
        return readable(realm, row).map(Session::handle);
    }

    /** The session of a row, or nothing, reported, if its payload cannot be decoded. */
    Optional<Session> readable(Realm realm, StoredSession row) {
        try {
            return Optional.of(toSession(realm, row));
        } catch (CurfewException e) {
            LOG.error("session {} cannot be read, only revoked: {}", row.key(), e.getMessage());
            return Optional.empty();
        }
    }

    private static String foreignHandle(SessionPayload payload) {
        String handle = payload.foreignHandle();
        if (handle == null) {
            throw new UndecodablePayloadException("session payload lacks the handle of a foreign session", null);
        }
        return handle;
    }
}
