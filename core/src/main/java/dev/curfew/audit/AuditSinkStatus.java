package dev.curfew.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one audit sink is doing, for a health check. Immutable.
 *
 * @param name as the host named the sink
 * @param queued how many records wait for it
 * @param written how many it has taken
 * @param lost how many it will never get, because they came too fast, failed too often, or were left at the end;
 *     anything but 0 deserves an alarm
 * @param failingSince when it began to fail, or null if its last call succeeded
 * @param lastFailure the class of what it threw last, or null if it never threw; its text is in the log, because it may
 *     say more than a health check should
 * @param callSince since when the call that is under way runs, or null if none is; one that runs for long hangs
 */
public record AuditSinkStatus(
        String name,
        int queued,
        long written,
        long lost,
        @Nullable Instant failingSince,
        @Nullable String lastFailure,
        @Nullable Instant callSince) {}
