package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.CandidateRows;
import dev.curfew.jdbc.table.CutOffs;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.LiveSessions;
import dev.curfew.jdbc.table.SubjectLocks;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RevocationRequest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a revocation depends on, in one batch behind the lock of the subject. Confined to one thread.
 *
 * <p>The count of what a cut-off ends is asked for in the same batch, before its instant is fixed: one that means "now"
 * will lie behind every stored session but the exempt one, and any other is known from the request.
 */
final class RevokeQuery {
    private final StepContext context;
    private final RevocationRequest request;
    private final RevocationTarget target;
    private final @Nullable TokenFacts caller;

    /** Whose lock is to be taken; null for nobody's, and for a session that was not read yet. */
    private @Nullable LookupKey supposed;

    private boolean hasMadeBirth;

    RevokeQuery(StepContext context, RevocationRequest request, @Nullable TokenFacts caller) {
        this.context = context;
        this.request = request;
        this.target = request.target();
        this.caller = caller;
    }

    RevokeRows readBehindLock() throws SQLException {
        if (!target.kind().isSession()) {
            supposed = ofTarget() == null ? ofCaller() : ofTarget();
        }
        Optional<RevokeRows> rows = read();
        while (rows.isEmpty()) {
            rows = read();
        }
        return rows.get();
    }

    /** Nothing if something was missing or has just changed, so that it must be read again. */
    private Optional<RevokeRows> read() throws SQLException {
        QueryBatch batch = new QueryBatch(context.connection());
        var lock = askForLock(batch);
        var found = CandidateRows.askForAct(batch, keys(), request.act());
        var ownerNow = target.kind().isSession() ? SubjectLocks.askForOwner(batch, target.key()) : null;
        var session = target.kind().isSession() ? FindQuery.askForOne(batch, target.key()) : null;
        var cutOffs = request.meansNow() ? CutOffs.ask(batch, target, exemptKey()) : null;
        var live = isCounted() ? askForLive(batch) : null;
        batch.send();

        LookupKey owner = ownerNow == null ? ofTarget() : ownerNow.first().orElse(null);
        LookupKey toLock = owner == null ? ofCaller() : owner;
        Optional<LookupKey> locked = lock == null ? Optional.empty() : lock.first();
        if (toLock != null && !locked.equals(Optional.of(toLock))) {
            if (locked.isEmpty()) {
                SubjectLocks.create(context.connection(), toLock);
            }
            supposed = toLock;
            return Optional.empty();
        }
        CandidateRows candidates = new CandidateRows(found.rows());
        if (!candidates.hasBirth()) {
            if (hasMadeBirth) {
                throw BirthMarker.missing();
            }
            hasMadeBirth = true;
            BirthMarker.create(context.connection(), context.settings(), context.now());
            return Optional.empty();
        }
        return Optional.of(new RevokeRows(
                owner,
                candidates,
                session == null
                        ? null
                        : FindQuery.collect(session.rows(), context.now())
                                .first()
                                .orElse(null),
                cutOffs == null ? Instant.EPOCH : CutOffs.newest(cutOffs.rows()).orElse(Instant.EPOCH),
                live == null ? 0 : live.first().orElse(0L)));
    }

    /** A session says itself whose it is, so that nobody asks before; null if there is nothing to lock. */
    private QueryBatch.@Nullable Answer<LookupKey> askForLock(QueryBatch batch) {
        if (supposed != null) {
            return SubjectLocks.askForLock(batch, supposed);
        }
        return target.kind().isSession() ? SubjectLocks.askForLockOf(batch, target.key(), ofCaller()) : null;
    }

    private @Nullable LookupKey ofTarget() {
        return target.kind() == RevocationTarget.Kind.SUBJECT ? target.key() : null;
    }

    private @Nullable LookupKey ofCaller() {
        return caller == null ? null : caller.subjectKey();
    }

    private Set<LookupKey> keys() {
        Set<LookupKey> keys = caller == null ? new LinkedHashSet<>() : CandidateRows.keysOf(caller);
        keys.add(BirthMarker.KEY);
        keys.add(target.key());
        return keys;
    }

    /** What is not the caller's own will be refused. */
    private boolean isCounted() {
        return target.kind() == RevocationTarget.Kind.SUBJECT
                && (caller == null || target.key().equals(caller.subjectKey()));
    }

    private QueryBatch.Answer<Long> askForLive(QueryBatch batch) {
        Instant lastCovered = request.meansNow()
                ? Revocation.NEVER
                : request.fix(context.now(), context.settings(), Instant.EPOCH, Optional.empty())
                        .issuedBefore();
        return LiveSessions.askForCount(batch, target.key(), target.realm(), lastCovered, exemptKey(), context.now());
    }

    private LookupKey exemptKey() {
        return request.exempt().map(ExemptSession::key).orElse(CutOffs.NOBODY);
    }
}
