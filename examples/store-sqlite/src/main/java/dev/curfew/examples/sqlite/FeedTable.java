package dev.curfew.examples.sqlite;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.UndecodableRevocationException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of all revocations, which is the feed at the same time. Confined to one transaction. */
final class FeedTable {
    /** The kind of a row that is no revocation: what stood in the row of a session was exchanged. */
    static final int NOTICE = 0;

    /** One partition: one birth, and one mark in each position. */
    static final RevocationTarget BIRTH = RevocationTarget.birth(0, 1);

    private final Transaction transaction;

    FeedTable(Transaction transaction) {
        this.transaction = transaction;
    }

    /** An entry with its number, or with nothing if it cannot be read. */
    record Numbered(long number, LookupKey target, Optional<Revocation> entry) {
        static Numbered of(ResultSet row) throws SQLException {
            long number = row.getLong(13);
            LookupKey target = LookupKey.fromBytes(row.getBytes(2));
            try {
                return new Numbered(number, target, Optional.of(RevocationColumns.read(row)));
            } catch (UndecodableRevocationException e) {
                return new Numbered(number, target, Optional.empty());
            }
        }
    }

    static void addBirth(Transaction transaction, StoreSettings settings, Instant now) {
        new FeedTable(transaction).insert(RevocationRequest.birth(0, 1, now, settings));
    }

    /** Entries of these targets, forgotten ones and superseded ones among them. */
    List<Numbered> of(Collection<LookupKey> targets) {
        return transaction.list(
                "SELECT " + RevocationColumns.NAMES + ", number FROM feed"
                        + " WHERE target_key IN (SELECT unhex(value) FROM json_each(?)) AND kind <> 0 ORDER BY number",
                Numbered::of,
                Columns.json(targets));
    }

    /** As {@link #of}, of one target, without those that cannot be read: these make nothing superfluous. */
    List<Revocation> standing(RevocationTarget target) {
        return of(List.of(target.key())).stream()
                .flatMap(one -> one.entry().stream())
                .toList();
    }

    /** Records an entry, and notes which others nobody needs from now on. */
    void add(Revocation entry, Instant now) {
        List<Numbered> others = of(List.of(entry.target().key()));
        insert(entry);
        for (Numbered other : others) {
            if (other.entry().filter(entry::replaces).isPresent()) {
                transaction.update(
                        "UPDATE feed SET superseded_at = ? WHERE number = ? AND superseded_at IS NULL",
                        now.toEpochMilli(),
                        other.number());
            }
        }
    }

    private void insert(Revocation entry) {
        List<@Nullable Object> values = RevocationColumns.of(entry);
        RevocationTarget.Kind kind = entry.target().kind();
        // No row is older than the birth: insert refuses what is covered.
        values.add(kind.coversSessions() && kind != RevocationTarget.Kind.BIRTH);
        transaction.update(
                "INSERT INTO feed (" + RevocationColumns.NAMES
                        + ", has_sessions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values.toArray());
    }

    /** Puts a notice on the feed. It is over at once, so that a purge removes it an hour later. */
    void addNotice(LookupKey session, Instant now) {
        transaction.update(
                "INSERT INTO feed (kind, target_key, forget_after, has_sessions) VALUES (?, ?, ?, 0)",
                NOTICE,
                session.toBytes(),
                now.toEpochMilli());
    }

    /** {@return the newest cut-off that a login of this subject must begin after} */
    Instant newestCutOff(LookupKey subject, LookupKey realm) {
        Instant own = newest(
                "SELECT max(issued_before) FROM feed WHERE target_key IN (SELECT unhex(value) FROM json_each(?))",
                Columns.json(List.of(subject, realm, BIRTH.key())));
        return later(own, newestOfKind(realm, RevocationTarget.Kind.CLIENT));
    }

    /** {@return the newest cut-off of whatever target in a realm} */
    Instant newestCutOffIn(LookupKey realm) {
        Instant newest = newest(
                "SELECT max(issued_before) FROM feed WHERE target_key = ?",
                BIRTH.key().toBytes());
        for (RevocationTarget.Kind kind : RevocationTarget.Kind.values()) {
            if (kind.isCutOff() && kind != RevocationTarget.Kind.BIRTH) {
                newest = later(newest, newestOfKind(realm, kind));
            }
        }
        return newest;
    }

    private Instant newestOfKind(LookupKey realm, RevocationTarget.Kind kind) {
        return newest(
                "SELECT max(issued_before) FROM feed WHERE realm_key = ? AND kind = ?", realm.toBytes(), kind.code());
    }

    private Instant newest(String sql, Object... parameters) {
        return transaction.list(sql, row -> Columns.instant(row, 1), parameters).get(0);
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
