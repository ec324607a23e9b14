package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.sql.SqlConnection;
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
import dev.curfew.store.FoundSession;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the step of a revocation must know, read in one round behind the lock of the subject. Confined to one thread.
 *
 * <p>The count of what a cut-off ends is asked for in the same round, before its instant is fixed: one that means "now"
 * will lie behind every stored session but the exempt one, and any other is known from the request.
 */
final class RevokeReading {
    private final SqlConnection connection;
    private final StoreSettings settings;
    private final RevocationRequest request;
    private final RevocationTarget target;
    private final @Nullable TokenFacts caller;
    private final Instant now;

    private @Nullable LookupKey owner;
    private CandidateRows candidates = new CandidateRows(List.of());
    private Optional<FoundSession> row = Optional.empty();
    private Instant applicable = Instant.EPOCH;
    private long live;

    private RevokeReading(
            SqlConnection connection,
            StoreSettings settings,
            RevocationRequest request,
            @Nullable TokenFacts caller,
            Instant now) {
        this.connection = connection;
        this.settings = settings;
        this.request = request;
        this.target = request.target();
        this.caller = caller;
        this.now = now;
    }

    static RevokeReading behindLock(
            SqlConnection connection,
            StoreSettings settings,
            RevocationRequest request,
            @Nullable TokenFacts caller,
            Instant now)
            throws SQLException {
        RevokeReading reading = new RevokeReading(connection, settings, request, caller, now);
        if (request.target().kind() == RevocationTarget.Kind.SUBJECT) {
            reading.owner = request.target().key();
        } else if (request.target().kind().isSession()) {
            reading.owner =
                    SubjectLocks.ownerOf(connection, request.target().key()).orElse(null);
        }
        boolean isRead = reading.read();
        while (!isRead) {
            isRead = reading.read();
        }
        return reading;
    }

    static boolean meansNow(RevocationRequest request) {
        return request.issuedBefore().isEmpty()
                && request.fixed().isEmpty()
                && request.target().kind().dependsOnInstant();
    }

    /** The subject to which the target belongs, as far as that is known. */
    @Nullable
    LookupKey owner() {
        return owner;
    }

    CandidateRows candidates() {
        return candidates;
    }

    /** The session that is the target, if it stands there. */
    Optional<FoundSession> row() {
        return row;
    }

    /** What a cut-off that means "now" must lie behind. */
    Instant applicable() {
        return applicable;
    }

    /** How many live sessions a cut-off of a subject ends. */
    long live() {
        return live;
    }

    /** False if something was missing or has just changed, so that it must be read again. */
    private boolean read() throws SQLException {
        QueryBatch batch = new QueryBatch(connection);
        LookupKey toLock = owner == null && caller != null ? caller.subjectKey() : owner;
        var lock = toLock == null ? null : SubjectLocks.askForLock(batch, toLock);
        var found = CandidateRows.askForAct(batch, keys(), request.act());
        var ownerNow = target.kind().isSession() ? SubjectLocks.askForOwner(batch, target.key()) : null;
        var rows = target.kind().isSession() ? FindQuery.askForOne(batch, target.key()) : null;
        var instants = meansNow(request) ? CutOffs.ask(batch, target, exemptKey()) : null;
        var count = isCounted()
                ? LiveSessions.askForCount(batch, target.key(), target.realm(), lastCovered(), exemptKey(), now)
                : null;
        batch.send();

        if (toLock != null && lock != null && lock.rows().isEmpty()) {
            SubjectLocks.create(connection, toLock);
            return false;
        }
        if (ownerNow != null && !Objects.equals(ownerNow.first().orElse(null), owner)) {
            owner = ownerNow.first().orElse(null);
            return false;
        }
        candidates = new CandidateRows(found.rows());
        if (!candidates.hasBirth()) {
            BirthMarker.create(connection, settings, now);
            return false;
        }
        row = rows == null
                ? Optional.empty()
                : FindQuery.collect(rows.rows(), now).first();
        applicable = instants == null
                ? Instant.EPOCH
                : CutOffs.newest(instants.rows()).orElse(Instant.EPOCH);
        live = count == null ? 0 : count.first().orElse(0L);
        return true;
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

    private Instant lastCovered() {
        return meansNow(request)
                ? Revocation.NEVER
                : request.fix(now, settings, Instant.EPOCH, Optional.empty()).issuedBefore();
    }

    private LookupKey exemptKey() {
        return request.exempt().map(ExemptSession::key).orElse(CutOffs.NOBODY);
    }
}
