package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.store.OperationId;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes open revocations that the store brought once and now brings neither open nor closed: this node knows them, and
 * goes on recording them. Used by one thread.
 */
final class LostRevocations {
    private static final Logger LOG = LoggerFactory.getLogger(FeedIntake.class);

    private final RevocationIndex index;
    private final RecentRevocations recent;
    private final PendingRecords pending;
    private final NodeTime time;
    private final StoreSettings settings;

    LostRevocations(
            RevocationIndex index,
            RecentRevocations recent,
            PendingRecords pending,
            NodeTime time,
            StoreSettings settings) {
        this.index = index;
        this.recent = recent;
        this.pending = pending;
        this.time = time;
        this.settings = settings;
    }

    /** A complete read has brought everything. */
    void close() {
        index.lostRevocations().forEach(this::close);
    }

    private void close(OpenRevocations.Open lost) {
        Instant now = time.instant();
        Revocation entry = fixed(lost.entry(), now);
        LOG.warn("the store has lost what joined a transaction of the host, and it is recorded again: {}", entry);
        pending.enqueue(entry);
        index.close(lost.act(), entry, time.forgetting(now));
        recent.add(entry);
    }

    /** With the instants of a cut-off that means now. */
    private Revocation fixed(Revocation open, Instant now) {
        RevocationRequest.Builder request =
                RevocationRequest.of(open.target(), new OperationId(0, 0)).because(open.reason(), open.actor());
        open.exempt().ifPresent(request::exempt);
        return request.build().fix(now, settings, index.newestCutOff(open.target()), Optional.empty());
    }
}
