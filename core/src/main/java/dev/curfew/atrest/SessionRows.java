package dev.curfew.atrest;

import dev.curfew.crypto.SecretHash;
import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.meter.DamagedRows;
import dev.curfew.session.ClientId;
import dev.curfew.session.CurfewException;
import dev.curfew.session.Evidence;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Turns sessions into the rows that stores keep, and back. Thread-safe. */
public final class SessionRows {
    private final SessionLifetimes lifetimes;
    private final Duration tokensOutlive;
    private final KnownRealms realms = new KnownRealms();
    private final StoredPayloads payloads;
    private final DamagedRows unreadable;

    /**
     * Makes the mapping.
     *
     * @param lifetimes of new sessions, at most
     * @param tokensOutlive how long after a session's absolute end a token of it may still be accepted
     * @param payloads how payloads are written and read
     * @param unreadable hears of rows that cannot be read
     */
    public SessionRows(
            SessionLifetimes lifetimes, Duration tokensOutlive, StoredPayloads payloads, DamagedRows unreadable) {
        this.lifetimes = lifetimes;
        this.tokensOutlive = tokensOutlive;
        this.payloads = payloads;
        this.unreadable = unreadable;
    }

    /** The names of the realms that this node has met: a row holds the key of its realm only. */
    public KnownRealms realms() {
        return realms;
    }

    /** Of sessions whose login does not choose shorter ones. */
    public SessionLifetimes lifetimes() {
        return lifetimes;
    }

    public Instant absoluteEnd(Instant authenticatedAt) {
        return authenticatedAt.plus(lifetimes.absolute());
    }

    /** Until when the revocation of a session must be remembered. */
    public Instant forgetAfter(Instant authenticatedAt) {
        return absoluteEnd(authenticatedAt).plus(tokensOutlive);
    }

    /** The same of a session that may end sooner than the lifetimes say: tokens that name it may outlive it. */
    public Instant forgetAfter(Session session) {
        return session.expiresAt().plus(tokensOutlive);
    }

    public StoredSession toRow(Session session) {
        realms.add(session.subject().realm());
        StoredSession.Builder row = StoredSession.of(session.subject(), session.ref())
                .authenticatedAt(session.authenticatedAt())
                .createdAt(session.createdAt())
                .ends(session.expiresAt(), session.idleTimeout())
                .forgetAfter(forgetAfter(session))
                .payload(toPayload(session));
        session.client().map(ClientId::key).ifPresent(row::clientKey);
        return row.build();
    }

    /** The row of a session that has a credential. */
    public StoredSession toRow(Session session, FirstCredential credential) {
        SecretHash secret = credential.token().hash();
        CredentialState state = CredentialState.first(credential.token(), credential.keyless());
        return toRow(session).toBuilder()
                .secretHash(secret)
                .credential(payloads.credentials().write(session.ref().key(), secret, state))
                .build();
    }

    /** What stands in the row of a session without being understood there, for whoever changes that alone. */
    public byte[] toPayload(Session session) {
        SessionPayload payload = new SessionPayload(
                session.subject().value(),
                session.handle() instanceof ForeignSessionId foreign ? foreign.value() : null,
                session.client().map(ClientId::value).orElse(null),
                session.device(),
                session.attributes(),
                extras(session));
        return payloads.write(session.ref().key(), payload);
    }

    private static SessionExtras extras(Session session) {
        Evidence evidence = session.evidence().requireStorable();
        Evidence implied = Evidence.at(session.authenticatedAt()).requireStorable();
        return new SessionExtras(
                evidence.equals(implied) ? null : evidence,
                session.label().orElse(null),
                session.scopes(),
                session.senderKey().orElse(null),
                session.credential().orElse(null));
    }

    private Session toSession(Realm realm, StoredSession row) {
        SessionPayload payload = payloads.read(row.key(), row.payload());
        SessionHandle handle = row.id().isPresent() ? row.id().get() : new ForeignSessionId(foreignHandle(payload));
        SubjectId subject = new SubjectId(realm, payload.subject());
        if (!SessionRef.of(subject, handle).key().equals(row.key())) {
            throw new UndecodablePayloadException("session row has the handle of another session", null);
        }
        if (!subject.key().equals(row.subjectKey())) {
            // A payload that is encrypted tells whose it is, whatever somebody wrote into the columns.
            throw new UndecodablePayloadException("session payload is of another subject than its row", null);
        }
        Session.Builder session =
                builder(subject, handle, row).device(payload.device()).attributes(payload.attributes());
        Optional.ofNullable(payload.client())
                .map(client -> new ClientId(realm, client))
                .ifPresent(session::client);
        addTo(session, payload.extras());
        return session.build();
    }

    private static void addTo(Session.Builder session, SessionExtras extras) {
        session.scopes(extras.scopes());
        Optional.ofNullable(extras.evidence()).ifPresent(session::evidence);
        Optional.ofNullable(extras.label()).ifPresent(session::label);
        Optional.ofNullable(extras.senderKey()).ifPresent(session::senderKey);
        Optional.ofNullable(extras.credential()).ifPresent(session::credential);
    }

    private static Session.Builder builder(SubjectId subject, SessionHandle handle, StoredSession row) {
        return Session.of(subject, handle)
                .authenticatedAt(row.authenticatedAt())
                .createdAt(row.createdAt())
                .lastSeenAt(row.lastSeenAt())
                .expiresAt(row.expiresAt())
                .idleTimeout(row.idleTimeout());
    }

    /**
     * The public handle of a row: of ours without decoding anything, of a foreign one if its payload can be decoded.
     */
    public Optional<SessionHandle> handleOf(StoredSession row) {
        if (row.id().isPresent()) {
            return Optional.of(row.id().get());
        }
        try {
            return Optional.of(new ForeignSessionId(foreignHandle(payloads.read(row.key(), row.payload()))));
        } catch (CurfewException e) {
            unreadable(row.key(), e);
            return Optional.empty();
        }
    }

    /** Says once in a while that a row cannot be read. */
    public void unreadable(LookupKey row, CurfewException why) {
        report(unreadable, row, why);
    }

    static void report(DamagedRows unreadable, LookupKey row, CurfewException why) {
        unreadable.met(row, "session " + row + " cannot be read, only revoked: " + why.getMessage());
    }

    /**
     * The session of a row.
     *
     * @throws CurfewException if this node cannot read it; reported
     */
    public Session require(Realm realm, StoredSession row) {
        try {
            return toSession(realm, row);
        } catch (CurfewException e) {
            unreadable(row.key(), e);
            throw e;
        }
    }

    /** The session of a row, or nothing, reported, if its payload cannot be decoded. */
    public Optional<Session> readable(Realm realm, StoredSession row) {
        try {
            return Optional.of(toSession(realm, row));
        } catch (CurfewException e) {
            unreadable(row.key(), e);
            return Optional.empty();
        }
    }

    /**
     * The session of a row by what stands in columns alone, for one of ours whose payload cannot be decoded. A foreign
     * one has no name then by which it could be ended. It is for lists only: neither what was granted to it nor who may
     * send its credential is known.
     */
    public Optional<Session> bare(SubjectId subject, StoredSession row) {
        try {
            // By another id somebody would end another key, and be told that this session has ended.
            return row.id()
                    .map(id -> builder(subject, id, row).build())
                    .filter(session -> session.ref().key().equals(row.key()));
        } catch (CurfewException e) {
            // An id of ours that belongs to another subject: nobody could end it from that one's list.
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
