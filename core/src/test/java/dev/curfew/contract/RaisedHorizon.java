package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import java.time.Instant;

/** Makes a store with {@link StoreCapability#HORIZON} forget something. */
final class RaisedHorizon {
    private static final int PLENTY = 10_000;

    private RaisedHorizon() {}

    /** Lets a revocation be forgotten and removed; answers the horizon, which lies an hour before the clock. */
    static Instant of(SessionStore store, ManualClock clock) {
        Revocation entry = revokeAll(store, "bob", clock.instant());
        revokeAll(store, "carol", clock.instant());
        letFeedSettle(store, clock.instant());
        clock.set(entry.forgetAfter().plus(StoreSettings.PURGE_DELAY).plusSeconds(10));
        letFeedSettle(store, clock.instant());
        int removed = 0;
        PurgeResult result;
        do {
            result = store.purge(clock.instant(), PLENTY);
            removed += result.revocations();
        } while (result.hasMore());
        assertThat(removed).as("a precondition of this test").isPositive();
        return clock.instant().minus(StoreSettings.PURGE_DELAY);
    }

    private static Revocation revokeAll(SessionStore store, String subject, Instant now) {
        RevocationTarget target = RevocationTarget.subject(Given.subject(subject));
        return StoreContract.recorded(store.revoke(Given.act(target).build(), Precondition.none(), now))
                .entry();
    }

    /** Some stores remove only what their readers have dealt with. */
    static void letFeedSettle(SessionStore store, Instant now) {
        RevocationFeed feed = store.feed().follower();
        FeedPosition position = FeedPosition.beginning();
        for (int i = 0; i < 3; i++) {
            position = ((FeedRead.Page) feed.readAfter(position, PLENTY, now)).next();
            feed.upkeep(now, () -> true);
        }
    }
}
