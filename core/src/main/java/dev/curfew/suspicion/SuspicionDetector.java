package dev.curfew.suspicion;

import dev.curfew.event.RequestContext;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.Denial;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.event.SessionEventListener;
import dev.curfew.event.SuspicionKind;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.SubjectId;
import dev.curfew.work.BoundedMap;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds in the events of one node what a subject does too often. Thread-safe.
 *
 * <p>Time is that of the events; no clock is read. Subjects of the same name in two realms are two subjects. Of each
 * kind the last 4,096 subjects are watched, with at most one mark more than the threshold each (in the worst case some
 * 30 MB with the default rules, in practice a few hundred bytes for each of them); for one more, the one that did
 * nothing for the longest time is forgotten. So an attack stays unseen that is spread over more subjects than that,
 * each of which acts seldom: it takes as many accounts.
 */
public final class SuspicionDetector implements SessionEventListener {
    private static final int WATCHED = 4_096;

    private final SuspicionRules rules;
    private final Consumer<SuspicionRaised> listener;

    /** Guarded by itself. */
    private final Map<SuspicionKind, Map<SubjectId, SuspicionWatch>> watched = new EnumMap<>(SuspicionKind.class);

    private SuspicionDetector(SuspicionRules rules, Consumer<SuspicionRaised> listener) {
        this.rules = Objects.requireNonNull(rules, "rules");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /**
     * Makes a detector.
     *
     * @param rules how much of what is suspicious
     * @param listener told once for each episode, on the thread of the event, without any lock held
     * @return the detector, to be told of all events
     */
    public static SuspicionDetector of(SuspicionRules rules, Consumer<SuspicionRaised> listener) {
        return new SuspicionDetector(rules, listener);
    }

    /** It was counted when it happened; nobody's new sessions are to end for it. */
    @Override
    public void onReplayed(SessionEvent event) {}

    /** What another node did is that node's to tell. */
    @Override
    public boolean hearsReceived() {
        return false;
    }

    @Override
    public void onEvent(SessionEvent event) {
        onEvent(event, RequestContext.none());
    }

    @Override
    public void onEvent(SessionEvent event, RequestContext context) {
        if (event instanceof RevocationRecorded recorded) {
            if (recorded.entry().actor().kind() == Actor.Kind.USER) {
                see(SuspicionKind.TERMINATIONS, recorded.subject(), event.id(), event.at());
            }
        } else if (event instanceof RevocationDenied denied) {
            if (denied.denial() == Denial.NOT_OWNED) {
                see(SuspicionKind.FOREIGN_IDS, denied.caller(), event.id(), event.at());
            }
        } else if (event instanceof RevokedTokenUsed used) {
            // Clients go on using what an action has just ended; that must not be the reason for the next one.
            if (used.by() != RevocationReason.SUSPICIOUS_ACTIVITY) {
                see(SuspicionKind.REVOKED_TOKENS, used.subject(), event.id(), event.at());
            }
        } else if (event instanceof SessionCreated created) {
            context.address()
                    .flatMap(ClientNetwork::of)
                    .ifPresent(network ->
                            see(SuspicionKind.ADDRESSES, created.session().subject(), network, event.at()));
        }
    }

    private void see(SuspicionKind kind, @Nullable SubjectId subject, String mark, Instant at) {
        Optional<SuspicionRules.Rule> rule = rules.of(kind);
        if (subject == null || rule.isEmpty()) {
            return;
        }
        Optional<Instant> since;
        synchronized (watched) {
            since = watched.computeIfAbsent(kind, unknown -> BoundedMap.byUse(WATCHED))
                    .computeIfAbsent(subject, unknown -> new SuspicionWatch(rule.get()))
                    .see(mark, at);
        }
        if (since.isPresent()) {
            int count = rule.get().threshold() + 1;
            listener.accept(new SuspicionRaised(id(kind, subject, at), at, kind, subject, count, since.get()));
        }
    }

    private static String id(SuspicionKind kind, SubjectId subject, Instant at) {
        return "suspicion:" + kind.name().toLowerCase(Locale.ROOT) + ":" + subject.key() + ":" + at.toEpochMilli();
    }
}
