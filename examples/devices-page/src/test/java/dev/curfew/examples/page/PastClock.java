package dev.curfew.examples.page;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time so long ago as a test says: devices have signed in before the page is opened. Confined to one thread. */
final class PastClock extends Clock {
    private Duration ago;

    PastClock(Duration ago) {
        this.ago = ago;
    }

    void setAgo(Duration newAgo) {
        ago = newAgo;
    }

    @Override
    public Instant instant() {
        return Instant.now().minus(ago);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("one zone is enough");
    }
}
