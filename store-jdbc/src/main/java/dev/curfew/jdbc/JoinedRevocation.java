package dev.curfew.jdbc;

import dev.curfew.store.PendingRevocation;
import dev.curfew.store.RevokeResult;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;

/** What {@link JdbcSessionStore#revokeIn} has written, with the way to close it. Immutable. */
record JoinedRevocation(RevokeResult result, Function<Instant, RevokeResult> closing) implements PendingRevocation {
    @Override
    public RevokeResult committed(Instant now) {
        return closing.apply(Objects.requireNonNull(now, "now"));
    }
}
