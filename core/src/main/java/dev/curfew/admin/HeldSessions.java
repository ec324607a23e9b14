package dev.curfew.admin;

import dev.curfew.atrest.SessionRows;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.subject.HeldSession;
import dev.curfew.subject.SessionEnd;
import java.time.Instant;
import java.util.Optional;

/** Turns rows into what is said of them: the session as far as it can be read, and its end. Thread-safe. */
final class HeldSessions {
    private final SessionRows rows;

    HeldSessions(SessionRows rows) {
        this.rows = rows;
    }

    /** One of a subject's; nothing, which is reported, if not even its name can be read. */
    Optional<HeldSession> of(SubjectId subject, FoundSession found, Instant now) {
        Optional<Session> whole = rows.readable(subject.realm(), found.session());
        return whole.or(() -> rows.bare(subject, found.session()))
                .map(session -> new HeldSession(session, whole.isPresent(), end(found, now)));
    }

    /** One of a realm's; nothing, which is reported, if it cannot be read, and nobody can tell whose it is. */
    Optional<HeldSession> of(Realm realm, FoundSession found, Instant now) {
        return rows.readable(realm, found.session()).map(session -> new HeldSession(session, true, end(found, now)));
    }

    /** By time, if no revocation came before that. */
    private static Optional<SessionEnd> end(FoundSession found, Instant now) {
        return found.endedByTime(now)
                .map(expired ->
                        new SessionEnd(expired.session().endsByTime(), RevocationReason.EXPIRED, Optional.empty()))
                .or(() -> found.endedBy().map(HeldSessions::end));
    }

    private static SessionEnd end(Revocation by) {
        return new SessionEnd(by.revokedAt(), by.reason(), Optional.of(by.actor()));
    }
}
