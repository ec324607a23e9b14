package dev.curfew;

import dev.curfew.replica.IndexStatus;
import java.util.List;
import java.util.Optional;

/**
 * Whether this node can do its work, for a readiness probe, and what is wrong, for a person. Immutable.
 *
 * @param isReady whether checks get an answer: for a probe that takes a node out of service when they do not
 * @param problems one sentence for each thing that is wrong, the gravest first; none holds a token, a subject or an id.
 *     A node can be ready and have problems
 * @param index how well the replica keeps up, or nothing if checks are authoritative
 */
public record ServiceHealth(boolean isReady, List<String> problems, Optional<IndexStatus> index) {
    /** Copies the problems. */
    public ServiceHealth {
        problems = List.copyOf(problems);
    }
}
