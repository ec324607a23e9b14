package dev.curfew.memory;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds room for a revocation, or something coarser of which there are few. Guarded by the store's lock.
 *
 * <p>If the store is full, a subject and at last the realm is revoked in place of the finer target: nothing that must
 * be revoked is ever refused, and nothing live is dropped. How much of it one subject may fill is the service's matter.
 */
final class CapacityFallback {
    private static final Logger LOG = LoggerFactory.getLogger(CapacityFallback.class);
    private static final Duration BETWEEN_PURGES = Duration.ofMinutes(1);

    private final Tables tables;
    private Instant lastPurge = Instant.EPOCH;

    CapacityFallback(Tables tables) {
        this.tables = tables;
    }

    /** The request itself if there is room, else the same act upon a coarser target. */
    RevocationRequest fit(RevocationRequest request, Instant now) {
        // A clock that was set back must not keep the next purge away for who knows how long.
        boolean isDue = !now.isBefore(lastPurge.plus(BETWEEN_PURGES)) || now.isBefore(lastPurge);
        if (tables.revocations.size() >= tables.bounds.revocations() && isDue) {
            lastPurge = now;
            tables.revocations.purge(now.minus(StoreSettings.PURGE_DELAY), Integer.MAX_VALUE);
        }
        List<RevocationTarget> choices = new ArrayList<>(List.of(request.target()));
        choices.addAll(request.coarser());
        for (RevocationTarget choice : choices) {
            if (hasRoom(choice)) {
                if (choice.equals(request.target())) {
                    return request;
                }
                LOG.warn(
                        "no room for the revocation of one {}: the {} is revoked instead",
                        request.target().kind(),
                        choice.kind());
                return request.on(choice);
            }
        }
        return request;
    }

    private boolean hasRoom(RevocationTarget target) {
        int size = tables.revocations.size();
        int max = tables.bounds.revocations();
        return switch (target.kind()) {
            case TOKEN, SESSION, FOREIGN_SESSION -> size < max;
            case SUBJECT -> size <= max + max / 4;
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> true;
        };
    }
}
