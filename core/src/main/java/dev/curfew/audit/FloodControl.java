package dev.curfew.audit;

import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.event.SessionEvent.RefreshDenied;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionRenewed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Counts together what anybody can cause as often as they like, each name of an event for itself, so that a flood of
 * one leaves the others their room. Thread-safe.
 */
final class FloodControl {
    private final Clock clock;
    private final Map<Class<? extends SessionEvent>, RepeatAggregator> byEvent = new LinkedHashMap<>();

    /**
     * Makes the control.
     *
     * @param clock by which windows are measured
     * @param repeatWindow for how long denials, uses of revoked tokens, refused refreshes and unanswered checks
     *     become one; zero for none
     * @param renewalWindow for how long renewals become one; zero for none
     * @param openWindows how many may be open for each name of an event
     */
    FloodControl(Clock clock, Duration repeatWindow, Duration renewalWindow, int openWindows) {
        this.clock = clock;
        if (!repeatWindow.isZero()) {
            List.of(RevocationDenied.class, RevokedTokenUsed.class, RefreshDenied.class, CheckUnanswered.class)
                    .forEach(event -> byEvent.put(event, new RepeatAggregator(repeatWindow, openWindows)));
        }
        if (!renewalWindow.isZero()) {
            byEvent.put(SessionRenewed.class, new RepeatAggregator(renewalWindow, openWindows));
        }
    }

    /** Takes the record of an event; answers what is to be written now, in order. */
    List<AuditRecord> take(SessionEvent event, AuditRecord record) {
        RepeatAggregator alike = byEvent.get(event.getClass());
        return alike == null ? List.of(record) : alike.take(record, clock.instant());
    }

    /** Closes some of the windows whose time has come, a hundred of each name; answers what they have counted. */
    List<AuditRecord> closeSome() {
        return close(RepeatAggregator::closeSome);
    }

    /** Closes the windows whose time has come; answers what they have counted. */
    List<AuditRecord> closeDue() {
        return close(RepeatAggregator::closeDue);
    }

    private List<AuditRecord> close(BiFunction<RepeatAggregator, Instant, List<AuditRecord>> closing) {
        if (byEvent.isEmpty()) {
            return List.of();
        }
        Instant now = clock.instant();
        return byEvent.values().stream()
                .flatMap(windows -> closing.apply(windows, now).stream())
                .toList();
    }

    /** Closes all windows for ever, so that nothing is counted into one that nobody closes; answers what they hold. */
    List<AuditRecord> end() {
        return byEvent.values().stream()
                .flatMap(window -> window.end().stream())
                .toList();
    }
}
