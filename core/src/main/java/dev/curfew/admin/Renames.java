package dev.curfew.admin;

import dev.curfew.atrest.SessionRows;
import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLabel;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredSession;
import dev.curfew.subject.RenameOutcome;
import dev.curfew.subject.RenameOutcome.CallerRevoked;
import dev.curfew.subject.RenameOutcome.NotOwned;
import dev.curfew.subject.RenameOutcome.Renamed;
import dev.curfew.token.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Gives sessions the names that their owners choose. Thread-safe. */
public final class Renames {
    /** How often something else may change in the row between reading and writing it. */
    private static final int TRIES = 5;

    private final SessionStore store;
    private final SessionRows rows;
    private final TokenRevocationChecker checker;
    private final Clock clock;

    public Renames(SessionStore store, SessionRows rows, TokenRevocationChecker checker, Clock clock) {
        this.store = store;
        this.rows = rows;
        this.checker = checker;
        this.clock = clock;
    }

    /** Two round trips, and those of a check of the caller. */
    public RenameOutcome rename(Caller caller, String handle, String label) {
        String name = label.isEmpty() ? label : SessionLabel.require(label);
        SubjectId subject = caller.subject().orElse(null);
        SessionRef session = caller.sessionNamed(handle).orElse(null);
        if (subject == null || session == null) {
            return new NotOwned();
        }
        RevocationDecision decision = checker.check(caller);
        if (decision.outcome() == Outcome.REVOKED) {
            return new CallerRevoked(decision.reason().orElseThrow());
        }
        if (!decision.permits()) {
            throw new StoreUnavailableException("rename: nobody can say whether the caller is revoked", null);
        }
        return rename(subject, session, name);
    }

    private RenameOutcome rename(SubjectId subject, SessionRef session, String name) {
        Instant now = clock.instant();
        Optional<StoredSession> row =
                store.find(session, now).filter(found -> found.isLive(now)).map(found -> found.session());
        for (int tries = 0; tries < TRIES; tries++) {
            // What another call has left there is tested again: a foreign handle may be another subject's by now.
            if (row.filter(one -> one.subjectKey().equals(subject.key())).isEmpty()) {
                return new NotOwned();
            }
            Session before = rows.require(subject.realm(), row.get());
            Session after = named(before, name);
            if (before.label().equals(after.label())) {
                return new Renamed(before);
            }
            Rotation rotation = Rotation.ofPayload(row.get().payload(), rows.toPayload(after))
                    .withNotice();
            RotateResult result = store.rotate(session, rotation, now);
            if (result instanceof RotateResult.Rotated) {
                return new Renamed(after);
            }
            row = result instanceof RotateResult.Mismatch mismatch
                    ? Optional.of(mismatch.standing())
                    : Optional.empty();
        }
        throw new StoreUnavailableException("rename: the session is changed by others all the time", null);
    }

    private static Session named(Session session, String name) {
        Session.Builder builder = session.toBuilder();
        return (name.isEmpty() ? builder.withoutLabel() : builder.label(name)).build();
    }
}
