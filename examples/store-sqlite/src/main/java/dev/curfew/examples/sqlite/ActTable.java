package dev.curfew.examples.sqlite;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RevokeResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What acts of revoking have done, for their repeats. Confined to one transaction. */
final class ActTable {
    private final Transaction transaction;

    ActTable(Transaction transaction) {
        this.transaction = transaction;
    }

    Optional<RevokeResult.Recorded> find(LookupKey name) {
        return transaction.first(
                "SELECT " + RevocationColumns.NAMES + ", newly_covered FROM act WHERE name = ?",
                row -> new RevokeResult.Recorded(RevocationColumns.read(row), row.getLong(13), false),
                (Object) name.toBytes());
    }

    void remember(LookupKey name, RevokeResult.Recorded act, Instant now) {
        List<@Nullable Object> values = RevocationColumns.of(act.entry());
        values.add(name.toBytes());
        values.add(now.toEpochMilli());
        values.add(act.newlyCovered());
        transaction.update(
                "INSERT OR REPLACE INTO act (" + RevocationColumns.NAMES + ", name, recorded_at, newly_covered)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values.toArray());
    }

    /** Forgets acts that nobody repeats any more. */
    int purge(Instant until, int limit) {
        return transaction.update(
                "DELETE FROM act WHERE name IN (SELECT name FROM act WHERE recorded_at < ? LIMIT ?)",
                until.toEpochMilli(),
                limit);
    }
}
