package dev.curfew.redis;

import dev.curfew.redis.connection.ServerClock;
import dev.curfew.redis.script.ScriptCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A server's clock that says what each verb is given as {@code now}, and some more. Thread-safe. */
final class TestServerClock implements ServerClock {
    private volatile Duration ahead = Duration.ZERO;

    /** Sets by how much it is ahead; negative if it is behind. */
    void ahead(Duration value) {
        ahead = value;
    }

    @Override
    public byte[] forScript(Instant now) {
        return ScriptCall.number(now.plus(ahead).toEpochMilli());
    }

    @Override
    public Instant reading(List<byte[]> time, Instant now) {
        return now.plus(ahead);
    }
}
