package dev.curfew.examples.sqlite;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.UndecodableRevocationException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A revocation as the columns that two tables have in common. */
final class RevocationColumns {
    static final String NAMES = "kind, target_key, realm_key, bucket, issued_before, exempt_key, exempt_began,"
            + " reason, actor_kind, actor_id, revoked_at, forget_after";

    private RevocationColumns() {}

    /** {@return the values in the order of the names, to which more may be added} */
    static List<@Nullable Object> of(Revocation entry) {
        RevocationTarget target = entry.target();
        return new ArrayList<>(Arrays.asList(
                target.kind().code(),
                target.key().toBytes(),
                target.realm().toBytes(),
                target.bucket(),
                entry.issuedBefore().toEpochMilli(),
                Columns.bytes(entry.exempt().map(ExemptSession::key)),
                entry.exempt()
                        .flatMap(ExemptSession::began)
                        .map(Instant::toEpochMilli)
                        .orElse(null),
                entry.reason().code(),
                entry.actor().kind().code(),
                entry.actor().id(),
                entry.revokedAt().toEpochMilli(),
                entry.forgetAfter().toEpochMilli()));
    }

    /**
     * Reads an entry whose columns are the first ones of a row.
     *
     * @throws UndecodableRevocationException if a newer version wrote a code, or a value is none that can be
     */
    static Revocation read(ResultSet row) throws SQLException {
        RevocationTarget.Kind kind = known(RevocationTarget.Kind.ofCode(row.getInt(1)), "kind");
        RevocationReason reason = known(RevocationReason.ofCode(row.getInt(8)), "reason");
        Actor.Kind actor = known(Actor.Kind.ofCode(row.getInt(9)), "actor_kind");
        try {
            RevocationTarget target =
                    new RevocationTarget(kind, Columns.requiredKey(row, 2), Columns.requiredKey(row, 3), row.getInt(4));
            Revocation.Builder entry = Revocation.of(target)
                    .issuedBefore(Columns.instant(row, 5))
                    .because(reason, new Actor(actor, row.getString(10)))
                    .revokedAt(Columns.instant(row, 11))
                    .forgetAfter(Columns.instant(row, 12));
            Optional<LookupKey> exempt = Columns.key(row, 6);
            if (exempt.isPresent()) {
                Instant instant = Columns.instant(row, 7);
                @Nullable Instant began = row.wasNull() ? null : instant;
                entry.exempt(ExemptSession.stored(exempt.get(), began));
            }
            return entry.build();
        } catch (RuntimeException e) {
            throw undecodable("its columns do not make an entry");
        }
    }

    private static <T> T known(Optional<T> value, String column) {
        return value.orElseThrow(() -> undecodable("column " + column + " has a code that this version does not know"));
    }

    private static UndecodableRevocationException undecodable(String why) {
        return new UndecodableRevocationException("a recorded revocation cannot be read: " + why);
    }
}
