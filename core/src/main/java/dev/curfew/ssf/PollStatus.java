package dev.curfew.ssf;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How a {@link PollReceiver} fares on this node. Immutable.
 *
 * @param isRunning whether it was started, and has not ended
 * @param isHolder whether this node is the one that polls
 * @param answeredAt when the transmitter last answered this node, if it ever has
 * @param failures how many polls of this node have failed one after the other
 * @param left how many SETs of the last poll were left for later: what they end is not recorded yet
 * @param trouble what is wrong, in words without a secret; nothing if the last poll was answered and nothing is left
 */
public record PollStatus(
        boolean isRunning,
        boolean isHolder,
        Optional<Instant> answeredAt,
        int failures,
        int left,
        Optional<String> trouble) {
    /** Checks that nothing is missing. */
    public PollStatus {
        Objects.requireNonNull(answeredAt, "answeredAt");
        Objects.requireNonNull(trouble, "trouble");
    }
}
