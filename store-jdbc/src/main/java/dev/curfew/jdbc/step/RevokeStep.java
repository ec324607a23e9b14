package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.OpenEntries;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoredSession;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The atomic step of a revocation. Confined to one thread. */
public final class RevokeStep {
    private final SqlConnection connection;
    private final StoreSettings settings;
    private final RevocationRequest request;
    private final RevocationTarget target;
    private final @Nullable TokenFacts caller;
    private final Instant now;
    private final boolean joinsHost;

    public RevokeStep(
            SqlConnection connection,
            StoreSettings settings,
            RevocationRequest request,
            Precondition precondition,
            Instant now) {
        this(connection, settings, request, precondition, now, false);
    }

    /**
     * {@code joinsHost}: whether it is part of the host's transaction, so that nobody knows yet when it will be
     * committed.
     */
    public RevokeStep(
            SqlConnection connection,
            StoreSettings settings,
            RevocationRequest request,
            Precondition precondition,
            Instant now,
            boolean joinsHost) {
        this.connection = connection;
        this.settings = settings;
        this.request = request;
        this.target = request.target();
        this.caller = precondition.caller().orElse(null);
        this.now = now;
        this.joinsHost = joinsHost;
    }

    /**
     * What became of it.
     *
     * @param result the answer; the instants of what is open are not the last word
     * @param isOpen whether the act stands there already, committed and open, so that a later transaction must close it
     */
    public record Outcome(RevokeResult result, boolean isOpen) {}

    public Outcome revoke() throws SQLException {
        RevokeReading read = RevokeReading.behindLock(connection, settings, request, caller, now);
        Optional<RevocationRow> repeated = read.candidates().ofAct(request.act());
        if (repeated.isPresent()) {
            return repeated(repeated.get(), read);
        }
        return new Outcome(firstTime(read), false);
    }

    private Outcome repeated(RevocationRow row, RevokeReading read) {
        Revocation entry = OpenEntries.closed(row.required(), latest(read), settings, read.applicable());
        return new Outcome(new RevokeResult.Recorded(entry, row.newlyCovered(), false), row.isOpen());
    }

    private RevokeResult firstTime(RevokeReading read) throws SQLException {
        if (caller != null) {
            List<Revocation> covering = read.candidates()
                    .behindHorizon("revoke", now)
                    .covering(caller, now, now.plus(settings.retention()));
            if (!covering.isEmpty()) {
                return RevokeResult.CallerRevoked.by(covering);
            }
            if (!owns(caller, read)) {
                return new RevokeResult.NotOwned();
            }
        }
        return record(read);
    }

    private RevokeResult record(RevokeReading read) throws SQLException {
        Revocation entry = request.fix(
                now, latest(read), settings, read.applicable(), read.row().map(FoundSession::session));
        boolean isUnfixed = joinsHost && RevokeReading.meansNow(request);
        // What gets its instant later is later than anything that stands there.
        Optional<Revocation> standing = isUnfixed
                ? Optional.empty()
                : read.candidates().first(present -> request.isDoneBy(present, entry, now));
        if (standing.isPresent() && !mustBeRemembered()
                || connection.isForgotten(entry, now, read.candidates().times())) {
            return new RevokeResult.Recorded(
                    standing.orElse(entry), target.kind().isCounted() ? 0 : RevokeResult.Recorded.UNCOUNTED, false);
        }
        long newlyCovered = countOf(entry, read);
        RevocationTable.insert(
                connection,
                request.act(),
                joinsHost ? OpenEntries.open(entry, isUnfixed) : entry,
                scope(read.owner()),
                newlyCovered,
                joinsHost ? RevocationRow.OPEN : RevocationRow.PLAIN);
        return new RevokeResult.Recorded(entry, newlyCovered, true);
    }

    /**
     * A cut-off of a node's own later than which another stands: without its row, its repeat would be a new act that is
     * later still.
     */
    private boolean mustBeRemembered() {
        return request.fixed().isPresent() && target.kind().dependsOnInstant();
    }

    /** The later of this node's clock and the server's, which was read behind the lock. */
    private Instant latest(RevokeReading read) {
        return read.candidates()
                .times()
                .map(times -> connection.later(now, times.clock()))
                .orElse(now);
    }

    /** How many live sessions this entry ends, before it is recorded; a caller's own session counts without a row. */
    private long countOf(Revocation entry, RevokeReading read) {
        return switch (target.kind()) {
            case TOKEN -> 1;
            case SESSION, FOREIGN_SESSION ->
                read.row()
                                .map(found -> found.isLive(now)
                                        && entry.covers(found.session().facts()))
                                .orElseGet(() -> caller != null && entry.covers(caller))
                        ? 1
                        : 0;
            case SUBJECT -> read.live();
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> RevokeResult.Recorded.UNCOUNTED;
        };
    }

    private boolean owns(TokenFacts facts, RevokeReading read) {
        return switch (target.kind()) {
            case TOKEN -> target.key().equals(facts.tokenKey());
            case SUBJECT -> target.key().equals(facts.subjectKey());
            case SESSION, FOREIGN_SESSION ->
                target.key().equals(facts.sessionKey())
                        || read.row()
                                .map(FoundSession::session)
                                .map(StoredSession::subjectKey)
                                .filter(subject -> subject.equals(facts.subjectKey()))
                                .isPresent();
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> false;
        };
    }

    /** Under which key a search for all entries that concern a subject, or for cut-offs of a realm, finds it. */
    private @Nullable LookupKey scope(@Nullable LookupKey owner) {
        return switch (target.kind()) {
            case SESSION, FOREIGN_SESSION ->
                owner == null && caller != null && target.key().equals(caller.sessionKey())
                        ? caller.subjectKey()
                        : owner;
            case SUBJECT, CLIENT, REALM -> target.realm();
            case TOKEN, SIGNING_KEY, BIRTH -> null;
        };
    }
}
