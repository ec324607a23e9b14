package dev.curfew.ssf;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How a {@link PollReceiver} fares on this node. Immutable.
 *
 * @param isHolder whether this node is the one that polls
 * @param answeredAt when the transmitter last answered this node, if it ever has
 * @param failures how many polls of this node have failed since then
 * @param trouble what the last failure was, in words without a secret; nothing if the last poll was answered
 */
public record PollStatus(boolean isHolder, Optional<Instant> answeredAt, int failures, Optional<String> trouble) {
    /** Checks that nothing is missing. */
    public PollStatus {
        Objects.requireNonNull(answeredAt, "answeredAt");
        Objects.requireNonNull(trouble, "trouble");
    }
}
