package dev.curfew.replica;

import dev.curfew.store.FeedPosition;
import java.time.Duration;
import java.util.Optional;

/**
 * How well a node's replica of the revocations keeps up. Immutable.
 *
 * @param isComplete whether everything that the store knew at some instant is held; if not, checks ask the store
 * @param isFresh whether checks are answered from memory just now
 * @param age how old the knowledge is at most; without end before the first load
 * @param entries how many targets are held, those included that are forgotten and were not swept yet
 * @param position how far the feed was read
 * @param unrecorded how many revocations the store has not confirmed, which this node goes on recording
 * @param clockDifference by how much this node's clock is ahead of the store's, negative if it is behind, as far as the
 *     time that a read takes does not explain it; nothing before the first read
 * @param propagation how long the newest revocation of another node took to get here, by the clocks of both nodes
 * @param lastError why the last read of the feed failed, if it did
 */
public record IndexStatus(
        boolean isComplete,
        boolean isFresh,
        Duration age,
        long entries,
        FeedPosition position,
        int unrecorded,
        Optional<Duration> clockDifference,
        Optional<Duration> propagation,
        Optional<Throwable> lastError) {}
