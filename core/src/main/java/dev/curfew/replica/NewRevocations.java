package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Remembers, measures and hands on what the feed brought that this node did not know. Used by one thread.
 *
 * <p>The first read brings all that the store has. Of that only what was recorded since the node started is handed on,
 * whose clock may be behind by the node skew. Later reads from the beginning hand on what this node had missed.
 */
final class NewRevocations {
    private final RecentRevocations recent;
    private final ReceivedRevocations received;
    private final NodeTime time;
    private final FeedMeters meters;
    private final Instant started;
    private final List<Revocation> page = new ArrayList<>();
    private boolean hasReadAll;

    NewRevocations(
            RecentRevocations recent,
            ReceivedRevocations received,
            NodeTime time,
            FeedMeters meters,
            Duration nodeSkew) {
        this.recent = recent;
        this.received = received;
        this.time = time;
        this.meters = meters;
        this.started = time.instant().minus(nodeSkew);
    }

    /** An entry that this node did not know, and has not recorded itself as far as it knows. */
    void add(Revocation entry, boolean isFollowing, Instant now) {
        if (entry.target().kind() == Kind.BIRTH) {
            return;
        }
        remember(entry, isFollowing, now);
        handOn(entry);
    }

    /** An entry that this node did not know, and tells of by itself. */
    void remember(Revocation entry, boolean isFollowing, Instant now) {
        if (isFollowing) {
            recent.add(entry);
            meters.arrived(Duration.between(entry.revokedAt(), now));
        } else {
            recent.addIfRecent(entry, time.forgetting(now));
        }
    }

    /** A birth that is renewed ends everything that is older. */
    void handOn(Revocation entry) {
        if (hasReadAll || !entry.revokedAt().isBefore(started)) {
            page.add(entry);
        }
    }

    void endPage(Instant now) {
        received.learnt(List.copyOf(page), now);
        page.clear();
    }

    void endRead() {
        hasReadAll = true;
    }
}
