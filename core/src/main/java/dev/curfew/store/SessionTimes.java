package dev.curfew.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a session was stored and used, and when time ends it; instants are cut to the millisecond. Immutable.
 *
 * @param createdAt when it was stored
 * @param lastSeenAt when it was last active, as far as that was written
 * @param idleTimeout how long it may be idle
 * @param expiresAt its absolute end
 * @param forgetAfter until when a revocation of it must be remembered
 */
record SessionTimes(
        Instant createdAt, Instant lastSeenAt, Duration idleTimeout, Instant expiresAt, Instant forgetAfter) {
    SessionTimes(
            @Nullable Instant createdAt,
            @Nullable Instant lastSeenAt,
            @Nullable Duration idleTimeout,
            @Nullable Instant expiresAt,
            @Nullable Instant forgetAfter) {
        this.createdAt = millis(createdAt, "createdAt");
        this.lastSeenAt = millis(lastSeenAt, "lastSeenAt");
        this.idleTimeout = Objects.requireNonNull(idleTimeout, "idleTimeout");
        this.expiresAt = millis(expiresAt, "expiresAt");
        this.forgetAfter = millis(forgetAfter, "forgetAfter");
    }

    /** The earlier of its absolute and its idle end. */
    Instant end() {
        Instant idleEnd = lastSeenAt.plus(idleTimeout);
        return idleEnd.isBefore(expiresAt) ? idleEnd : expiresAt;
    }

    static Instant millis(@Nullable Instant value, String name) {
        return Instant.ofEpochMilli(Objects.requireNonNull(value, name).toEpochMilli());
    }
}
