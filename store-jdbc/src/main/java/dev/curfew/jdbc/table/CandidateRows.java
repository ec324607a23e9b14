package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreTimes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that may cover something, found by their keys; the rule itself judges them. Immutable.
 *
 * <p>Each of these reads asks for the birth marker, too, so that the next one notices if it is lost.
 */
public final class CandidateRows {
    /** The statements of {@link #keysOf}, made once, because every check needs one. */
    private static final List<String> OF_FEW =
            IntStream.range(0, 9).mapToObj(CandidateRows::ofKeys).toList();

    private final Collection<RevocationRow> rows;

    public CandidateRows(Collection<RevocationRow> rows) {
        this.rows = rows;
    }

    /** The keys of everything that may cover these facts, and of the birth marker. */
    public static Set<LookupKey> keysOf(TokenFacts facts) {
        Set<LookupKey> keys = new LinkedHashSet<>();
        keys.add(BirthMarker.KEY);
        Stream.of(
                        facts.realmKey(),
                        facts.subjectKey(),
                        facts.sessionKey(),
                        facts.clientKey(),
                        facts.tokenKey(),
                        facts.signingKeyKey())
                .forEach(key -> add(keys, key));
        return keys;
    }

    private static void add(Set<LookupKey> keys, @Nullable LookupKey key) {
        if (key != null) {
            keys.add(key);
        }
    }

    /** One statement. Its parameters are keys only, so that a database can keep one plan for all of them. */
    public static CandidateRows read(SqlConnection connection, Collection<LookupKey> keys) throws SQLException {
        int count = keys.size();
        try (SqlStatement select = connection.prepare(count < OF_FEW.size() ? OF_FEW.get(count) : ofKeys(count))) {
            return new CandidateRows(select.keys(keys).list(RevocationTable::read));
        }
    }

    /** What an act needs: everything under these keys, forgotten or not, and what the act itself wrote before. */
    public static QueryBatch.Answer<RevocationRow> askForAct(
            QueryBatch batch, Collection<LookupKey> keys, LookupKey act) {
        String columns = "SELECT " + RevocationTable.COLUMNS + " FROM curfew_revocation r WHERE ";
        return batch.ask(
                columns + "r.target_key IN (" + SqlStatement.marks(keys.size()) + ") AND r.kind <> "
                        + RevocationRow.NOTICE + " UNION ALL " + columns + "r.id = ?",
                select -> select.keys(keys).key(act),
                RevocationTable::read);
    }

    /** As {@link #read} inside a transaction, which makes the birth marker if it is gone. */
    public static CandidateRows readOrCreateBirth(
            SqlConnection connection, Collection<LookupKey> keys, StoreSettings settings, Instant now)
            throws SQLException {
        return BirthMarker.require(
                connection, settings, now, own -> read(own, keys).besideBirth());
    }

    private static String ofKeys(int count) {
        return "SELECT " + RevocationTable.COLUMNS + " FROM curfew_revocation r WHERE r.target_key IN ("
                + SqlStatement.marks(count) + ") AND r.kind <> " + RevocationRow.NOTICE;
    }

    public boolean hasBirth() {
        return BirthMarker.isIn(rows);
    }

    /** The same, if the birth marker is among them. */
    public Optional<CandidateRows> besideBirth() {
        return hasBirth() ? Optional.of(this) : Optional.empty();
    }

    /** The same, if it may be judged at this instant. */
    public CandidateRows behindHorizon(String operation, Instant now) {
        Horizon.require(operation, now, horizon());
        return this;
    }

    /** Up to when the store has forgotten. */
    Instant horizon() {
        return times().map(StoreTimes::horizon).orElse(Instant.EPOCH);
    }

    /** What the birth marker says of the store's own time. */
    public Optional<StoreTimes> times() {
        return BirthMarker.timesIn(rows);
    }

    /**
     * What covers these facts, the entry recorded first in front.
     *
     * @param openUntil when what is still open may be forgotten by those who are told of it
     */
    public List<Revocation> covering(TokenFacts facts, Instant now, Instant openUntil) {
        return rows.stream()
                .filter(row -> row.counts(now))
                .filter(row -> row.required().covers(facts))
                .map(row -> row.isOpen() ? OpenEntries.towards(facts, row.required(), openUntil) : row.required())
                .distinct()
                .sorted(Revocation.recordedFirst())
                .toList();
    }

    /** The entries that make others superfluous: what cannot be read, or is still open, does not. */
    public List<Revocation> standing() {
        return rows.stream()
                .filter(row -> !row.isOpen())
                .flatMap(row -> Stream.ofNullable(row.revocation()))
                .toList();
    }

    /** What an act wrote before. */
    public Optional<RevocationRow> ofAct(LookupKey id) {
        return rows.stream().filter(row -> row.id().equals(id)).findFirst();
    }
}
