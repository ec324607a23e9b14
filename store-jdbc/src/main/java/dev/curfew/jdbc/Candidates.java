package dev.curfew.jdbc;

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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that may cover something, found by their keys; the rule itself judges them. Immutable.
 *
 * <p>Every one of these reads asks for the birth marker too, so that its loss is noticed by whatever is asked next.
 */
final class Candidates {
    /** The statements of {@link #keysOf}, made once, because every check needs one. */
    private static final List<String> OF_FEW =
            IntStream.range(0, 9).mapToObj(Candidates::ofKeys).toList();

    private final Collection<RevocationRow> rows;

    Candidates(Collection<RevocationRow> rows) {
        this.rows = rows;
    }

    /** Under which keys something may stand that covers these facts; the birth is among them. */
    static Set<LookupKey> keysOf(TokenFacts facts) {
        Set<LookupKey> keys = new LinkedHashSet<>();
        keys.add(Births.KEY);
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
    static Candidates read(Call call, Collection<LookupKey> keys) throws SQLException {
        int count = keys.size();
        try (Parameters select = call.prepare(count < OF_FEW.size() ? OF_FEW.get(count) : ofKeys(count))) {
            return new Candidates(select.keys(keys).list(RevocationRow::read));
        }
    }

    /** What an act needs: everything under these keys, forgotten or not, and what the act itself wrote before. */
    static Round.Answer<RevocationRow> askForAct(Round round, Collection<LookupKey> keys, LookupKey act) {
        String columns = "SELECT " + RevocationRow.COLUMNS + " FROM curfew_revocation r WHERE ";
        return round.ask(
                columns + "r.target_key IN (" + marks(keys.size()) + ") AND r.kind <> 0 UNION ALL " + columns
                        + "r.id = ?",
                select -> select.keys(keys).key(act),
                RevocationRow::read);
    }

    /** As {@link #read} inside a transaction, which makes the birth marker if it is gone. */
    static Candidates readOrCreateBirth(Call call, Collection<LookupKey> keys, StoreSettings settings, Instant now)
            throws SQLException {
        Candidates candidates = read(call, keys);
        if (candidates.hasBirth()) {
            return candidates;
        }
        Births.create(call, settings, now);
        return read(call, keys);
    }

    /** So many question marks, at least one. */
    static String marks(int count) {
        return "?" + ", ?".repeat(Math.max(0, count - 1));
    }

    private static String ofKeys(int count) {
        return "SELECT " + RevocationRow.COLUMNS + " FROM curfew_revocation r WHERE r.target_key IN (" + marks(count)
                + ") AND r.kind <> 0";
    }

    boolean hasBirth() {
        return Births.isIn(rows);
    }

    /** The same, if it may be judged at this instant. */
    Candidates behindHorizon(String operation, Instant now) {
        Horizon.require(operation, now, horizon());
        return this;
    }

    /** Up to when the store has forgotten. */
    Instant horizon() {
        return times().map(StoreTimes::horizon).orElse(Instant.EPOCH);
    }

    /** What the birth marker says of the store's own time. */
    Optional<StoreTimes> times() {
        return Births.timesIn(rows);
    }

    /**
     * What covers these facts, the entry recorded first in front.
     *
     * @param openUntil when what is still open may be forgotten by those who are told of it
     */
    List<Revocation> covering(TokenFacts facts, Instant now, Instant openUntil) {
        return rows.stream()
                .filter(row -> row.counts(now))
                .filter(row -> row.required().covers(facts))
                .map(row -> row.isOpen() ? OpenEntries.towards(facts, row.required(), openUntil) : row.required())
                .distinct()
                .sorted(Revocation.recordedFirst())
                .toList();
    }

    /**
     * The one recorded first that makes something superfluous; what cannot be read, or is still open, makes nothing
     * superfluous.
     */
    Optional<Revocation> first(Predicate<Revocation> isEnough) {
        return rows.stream()
                .filter(row -> !row.isOpen())
                .map(RevocationRow::revocation)
                .filter(Objects::nonNull)
                .filter(isEnough)
                .min(Revocation.recordedFirst());
    }

    /** What an act wrote before. */
    Optional<RevocationRow> ofAct(LookupKey id) {
        return rows.stream().filter(row -> row.id().equals(id)).findFirst();
    }
}
