package dev.curfew.contract;

import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.store.ClocksDifferException;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreTimes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Two nodes over a store in memory that has a clock of its own, as one on a server has. */
class ClockStepTest extends ClockStepContract {
    ClockStepTest() {
        super(Fixture::new);
    }

    private static final class Fixture implements StoreFixture {
        private SessionStore store = InMemorySessionStore.create();
        private volatile Duration ahead = Duration.ZERO;

        @Override
        public SessionStore freshStore() {
            store = withClock(InMemorySessionStore.create());
            return store;
        }

        @Override
        public SessionStore secondNode() {
            return store;
        }

        @Override
        public void storeClockAhead(Duration value) {
            ahead = value;
        }

        @Override
        public Set<StoreCapability> capabilities() {
            return Set.of(StoreCapability.HORIZON, StoreCapability.OWN_CLOCK, StoreCapability.SEVERAL_NODES);
        }

        private SessionStore withClock(SessionStore real) {
            return (SessionStore) Proxy.newProxyInstance(
                    SessionStore.class.getClassLoader(),
                    new Class<?>[] {SessionStore.class},
                    (proxy, verb, arguments) -> {
                        if (verb.getName().equals("feed")) {
                            return withClock(real.feed());
                        }
                        Duration skew = Given.SETTINGS.nodeSkew();
                        if (verb.getName().equals("purge") && ahead.abs().compareTo(skew) > 0) {
                            throw new ClocksDifferException(ahead.negated(), skew);
                        }
                        try {
                            return verb.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private RevocationFeed withClock(RevocationFeed feed) {
            return (position, limit, now) -> withClock(feed.readAfter(position, limit, now), now);
        }

        private FeedRead withClock(FeedRead read, Instant now) {
            return read instanceof FeedRead.Page page
                    ? new FeedRead.Page(
                            page.entries(),
                            page.next(),
                            page.isCaughtUp(),
                            page.undecodable(),
                            new StoreTimes(page.times().horizon(), now.plus(ahead)))
                    : read;
        }
    }
}
