package dev.curfew.suspicion;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one subject did of one kind within the window. Confined to one thread at a time.
 *
 * <p>It counts different marks: names of events, so that one that is delivered twice counts once, or networks. An
 * episode begins when there are too many and ends when, but for the mark at hand, the window is empty. It never keeps
 * more marks than it takes to begin one.
 */
final class SuspicionWatch {
    private final SuspicionRules.Rule rule;

    /** When each was last seen, the oldest in front. */
    private final Map<String, Instant> marks = new LinkedHashMap<>();

    private boolean isRaised;

    SuspicionWatch(SuspicionRules.Rule rule) {
        this.rule = rule;
    }

    /** Since when too many are there, if it is with this one that they are too many. */
    Optional<Instant> see(String mark, Instant at) {
        marks.remove(mark);
        // What is exactly as old as the window is out of it.
        Instant begin = at.minus(rule.window());
        marks.values().removeIf(seen -> !seen.isAfter(begin));
        if (marks.isEmpty()) {
            isRaised = false;
        }
        marks.put(mark, at);
        if (marks.size() <= rule.threshold()) {
            return Optional.empty();
        }
        Iterator<Instant> oldest = marks.values().iterator();
        Instant since = oldest.next();
        if (!isRaised) {
            isRaised = true;
            return Optional.of(since);
        }
        oldest.remove();
        return Optional.empty();
    }
}
