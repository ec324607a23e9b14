package dev.curfew.audit;

import dev.curfew.audit.AuditRecord.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets the first of several records alike pass, and counts the others until the window closes. One for each name of an
 * event, so that a flood of one sort leaves the others their room. Thread-safe.
 *
 * <p>Alike are records that agree in who, which session, what sort of target and why; which id somebody tries makes no
 * difference, else a flood of guesses would be a flood of records. The number of open windows is bounded: what finds no
 * room is counted in one window for all of them.
 */
final class RepeatAggregator {
    /** How many windows an event closes: who publishes it does not wait until a whole flood is summed up. */
    private static final int AT_ONCE = 100;

    private static final Set<Field> IDENTITY =
            EnumSet.of(Field.REALM, Field.SUBJECT, Field.SESSION, Field.TARGET, Field.REASON, Field.ALLOWED);

    private final Duration length;
    private final int maxOpen;

    /** In the order in which they opened, which is that in which they close. */
    private final Map<Map<Field, String>, RepeatWindow> open = new LinkedHashMap<>();

    /** For what finds no room, or null. */
    private @Nullable RepeatWindow overflow;

    private boolean isEnded;

    RepeatAggregator(Duration length, int maxOpen) {
        this.length = length;
        this.maxOpen = maxOpen;
    }

    /** Takes a record; answers what is to be written now, in order. After the end it lets each one pass. */
    List<AuditRecord> take(AuditRecord record, Instant now) {
        return take(identityOf(record), record, now);
    }

    private synchronized List<AuditRecord> take(Map<Field, String> identity, AuditRecord record, Instant now) {
        if (isEnded) {
            return List.of(record);
        }
        List<AuditRecord> passing = closeSome(now);
        RepeatWindow window = open.get(identity);
        if (window != null && window.isOver(now)) {
            open.remove(identity);
            add(passing, window);
            window = null;
        }
        if (window != null) {
            window.count(record);
        } else if (open.size() < maxOpen) {
            open.put(identity, new RepeatWindow(now, length));
            passing.add(record);
        } else {
            if (overflow == null) {
                overflow = new RepeatWindow(now, length);
            }
            overflow.count(record);
        }
        return passing;
    }

    /** Closes some of the windows whose time has come; answers their summaries. */
    List<AuditRecord> closeSome(Instant now) {
        return closeDue(now, AT_ONCE);
    }

    /** Closes the windows whose time has come; answers their summaries. */
    List<AuditRecord> closeDue(Instant now) {
        return closeDue(now, Integer.MAX_VALUE);
    }

    private synchronized List<AuditRecord> closeDue(Instant now, int most) {
        List<AuditRecord> summaries = new ArrayList<>();
        Iterator<RepeatWindow> each = open.values().iterator();
        for (int closed = 0; closed < most && each.hasNext(); closed++) {
            RepeatWindow window = each.next();
            if (!window.isOver(now)) {
                break;
            }
            each.remove();
            add(summaries, window);
        }
        if (overflow != null && overflow.isOver(now)) {
            add(summaries, overflow);
            overflow = null;
        }
        return summaries;
    }

    /** Closes all windows for ever; answers their summaries. */
    synchronized List<AuditRecord> end() {
        isEnded = true;
        List<AuditRecord> summaries = new ArrayList<>();
        open.values().forEach(window -> add(summaries, window));
        open.clear();
        if (overflow != null) {
            add(summaries, overflow);
            overflow = null;
        }
        return summaries;
    }

    private static Map<Field, String> identityOf(AuditRecord record) {
        Map<Field, String> identity = new EnumMap<>(Field.class);
        IDENTITY.forEach(field -> {
            String value = record.fields().get(field);
            if (value != null) {
                identity.put(field, value);
            }
        });
        return identity;
    }

    private static void add(List<AuditRecord> summaries, RepeatWindow window) {
        AuditRecord summary = window.summary();
        if (summary != null) {
            summaries.add(summary);
        }
    }
}
