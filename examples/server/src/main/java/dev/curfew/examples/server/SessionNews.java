package dev.curfew.examples.server;

import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEventListener;
import dev.curfew.session.SubjectId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells whoever shows a person's devices that one has come or gone on this server. Thread-safe.
 *
 * <p>What other servers do is not told here: a page looks again when its tab is looked at.
 */
final class SessionNews implements SessionEventListener {
    private final Map<SubjectId, Set<Runnable>> listeners = new ConcurrentHashMap<>();

    /** The listener must not wait. */
    void listen(SubjectId subject, Runnable listener) {
        listeners.compute(subject, (same, those) -> {
            Set<Runnable> more = those == null ? ConcurrentHashMap.newKeySet() : those;
            more.add(listener);
            return more;
        });
    }

    void leave(SubjectId subject, Runnable listener) {
        listeners.computeIfPresent(subject, (same, those) -> {
            those.remove(listener);
            return those.isEmpty() ? null : those;
        });
    }

    @Override
    public void onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.SessionCreated created) {
            tell(created.session().subject());
        } else if (event instanceof SessionEvent.SessionEnded ended) {
            tell(ended.subject());
        }
    }

    private void tell(SubjectId subject) {
        listeners.getOrDefault(subject, Set.of()).forEach(Runnable::run);
    }
}
