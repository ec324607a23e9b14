package dev.curfew.jdbc;

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
    private final Call call;
    private final StoreSettings settings;
    private final RevocationRequest request;
    private final RevocationTarget target;
    private final @Nullable TokenFacts caller;
    private final Instant now;

    private @Nullable LookupKey owner;
    private Candidates candidates = new Candidates(List.of());
    private Optional<FoundSession> row = Optional.empty();
    private Instant applicable = Instant.EPOCH;
    private long live;

    private RevokeReading(
            Call call, StoreSettings settings, RevocationRequest request, @Nullable TokenFacts caller, Instant now) {
        this.call = call;
        this.settings = settings;
        this.request = request;
        this.target = request.target();
        this.caller = caller;
        this.now = now;
    }

    static RevokeReading behindLock(
            Call call, StoreSettings settings, RevocationRequest request, @Nullable TokenFacts caller, Instant now)
            throws SQLException {
        RevokeReading reading = new RevokeReading(call, settings, request, caller, now);
        if (request.target().kind() == RevocationTarget.Kind.SUBJECT) {
            reading.owner = request.target().key();
        } else if (request.target().kind().isSession()) {
            reading.owner = Subjects.ownerOf(call, request.target().key()).orElse(null);
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

    Candidates candidates() {
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
        Round round = new Round(call);
        LookupKey toLock = owner == null && caller != null ? caller.subjectKey() : owner;
        var lock = toLock == null ? null : Subjects.askForLock(round, toLock);
        var found = Candidates.askForAct(round, keys(), request.act());
        var ownerNow = target.kind().isSession() ? Subjects.askForOwner(round, target.key()) : null;
        var rows = target.kind().isSession() ? FindQuery.askForOne(round, target.key()) : null;
        var instants = meansNow(request) ? CutOffs.ask(round, target, exemptKey()) : null;
        var count = isCounted()
                ? LiveSessions.askForCount(round, target.key(), target.realm(), lastCovered(), exemptKey(), now)
                : null;
        round.send();

        if (toLock != null && lock != null && lock.rows().isEmpty()) {
            Subjects.create(call, toLock);
            return false;
        }
        if (ownerNow != null && !Objects.equals(ownerNow.first().orElse(null), owner)) {
            owner = ownerNow.first().orElse(null);
            return false;
        }
        candidates = new Candidates(found.rows());
        if (!candidates.hasBirth()) {
            Births.create(call, settings, now);
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
        Set<LookupKey> keys = caller == null ? new LinkedHashSet<>() : Candidates.keysOf(caller);
        keys.add(Births.KEY);
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
