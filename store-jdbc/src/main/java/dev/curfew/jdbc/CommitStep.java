package dev.curfew.jdbc;

import dev.curfew.revocation.LoginOrder;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives a revocation that joined the host's transaction the instant at which that is seen to be committed. Confined to one
 * thread.
 *
 * <p>The instant is a second row with a name that follows from the first, so that whoever comes first gives it.
 */
final class CommitStep {
    private final Call call;
    private final StoreSettings settings;
    private final Instant now;

    CommitStep(Call call, StoreSettings settings, Instant now) {
        this.call = call;
        this.settings = settings;
        this.now = now;
    }

    /** The name of the row that was written, if it is this call that came first. */
    Optional<LookupKey> fix(RevocationRow open) throws SQLException {
        LookupKey id = Feed.committedId(open.id());
        Revocation entry = open.revocation();
        if (entry == null || RevocationRow.byId(call, id).isPresent()) {
            return Optional.empty();
        }
        RevocationRow.insert(call, id, committed(entry), scope(entry), 0, RevocationRow.PLAIN);
        return Optional.of(id);
    }

    private Revocation committed(Revocation entry) throws SQLException {
        Instant issuedBefore = entry.target().kind().isCutOff()
                ? LoginOrder.cutOffNow(now, settings.nodeSkew(), CutOffs.applicable(call, entry))
                : now.plus(settings.nodeSkew());
        Revocation.Builder later = Revocation.of(entry.target())
                .because(entry.reason(), entry.actor())
                .revokedAt(entry.revokedAt())
                .issuedBefore(issuedBefore)
                .forgetAfter(issuedBefore.plus(settings.retention()));
        entry.exempt().ifPresent(later::exempt);
        return later.build().join(entry);
    }

    private @Nullable LookupKey scope(Revocation entry) throws SQLException {
        return entry.target().kind() == RevocationTarget.Kind.FOREIGN_SESSION
                ? Subjects.ownerOf(call, entry.target().key()).orElse(null)
                : entry.target().realm();
    }
}
