package dev.curfew.replica;

import dev.curfew.replica.ReceivedRevocations.OwnCall;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Takes into this node's index what its own calls of the store bring, before the feed does. Thread-safe. */
final class OwnCalls {
    private final RevocationIndex index;
    private final RecentRevocations recent;
    private final ReceivedRevocations received;
    private final PendingRecords pending;
    private final ReplicaListeners listeners;
    private final NodeTime time;

    OwnCalls(
            RevocationIndex index,
            RecentRevocations recent,
            ReceivedRevocations received,
            PendingRecords pending,
            ReplicaListeners listeners,
            NodeTime time) {
        this.index = index;
        this.recent = recent;
        this.received = received;
        this.pending = pending;
        this.listeners = listeners;
        this.time = time;
    }

    void whenConfirmed(Consumer<List<Revocation>> listener) {
        pending.whenConfirmed(listener);
    }

    void whenReceived(BiConsumer<List<Revocation>, Instant> listener) {
        received.listener(listener);
    }

    void listen(ReplicaListener listener) {
        listeners.add(listener);
    }

    /** A call of this node has exchanged what stands in a row, or may have. */
    void exchanged(SessionRef session) {
        listeners.exchanged(session.key());
    }

    List<Revocation> recent() {
        return recent.all();
    }

    /** A call begins that may record something. */
    OwnCall begin() {
        return received.begin();
    }

    /** Takes in what other nodes have recorded. A birth is left to the feed, where a new one shows a loss of data. */
    void learn(Collection<Revocation> entries, Instant now) {
        List<Revocation> recorded = entries.stream()
                .filter(entry -> entry.target().kind() != Kind.BIRTH)
                .toList();
        if (!recorded.isEmpty()) {
            List<Revocation> news = add(recorded, now);
            news.forEach(pending::met);
            received.learnt(news, now);
        }
    }

    /** Takes in what this node records itself. Answers what was news. */
    List<Revocation> add(Collection<Revocation> entries, Instant now) {
        Instant forgetting = time.forgetting(now);
        List<Revocation> news = index.addAll(entries, forgetting);
        news.forEach(entry -> recent.addIfRecent(entry, forgetting));
        return news;
    }

    /**
     * Takes in what the store has just acknowledged to this node; the feed is to bring it too, unless it has already.
     */
    void acknowledged(Collection<Revocation> entries, Instant now) {
        List<Revocation> news = index.addAll(entries, time.forgetting(now));
        for (Revocation entry : entries) {
            // Another call of this node may have met it a moment ago, and the feed has not brought it by that.
            if (news.contains(entry) || pending.isMet(entry)) {
                acknowledgedNews(entry);
            }
        }
    }

    /**
     * As {@link #acknowledged}, for what a read may have shown open: what it covered meanwhile ends in the same step.
     */
    void closed(LookupKey act, Revocation entry, Instant now) {
        if (index.close(act, entry, time.forgetting(now))) {
            acknowledgedNews(entry);
        }
    }

    private void acknowledgedNews(Revocation entry) {
        recent.add(entry);
        pending.expectOnFeed(entry, time.nanos());
    }

    /** The newest cut-off that this node knows of that a cut-off of this target must lie behind. */
    Instant newestCutOff(RevocationTarget target) {
        return index.newestCutOff(target);
    }

    /** The newest cut-off that this node knows of that a login of this subject must begin after. */
    Instant newestCutOff(SubjectId subject) {
        return index.newestCutOff(subject);
    }

    /** The store did not answer an act, which is no doubt wanted: it holds here, and is recorded until it answers. */
    void unanswered(RevocationRequest fixed, Precondition precondition, Instant now) {
        add(List.of(fixed.fixed().orElseThrow()), now);
        pending.enqueue(fixed, precondition);
    }

    /** The act with the instants of its first call, if the store has not answered it; else the request itself. */
    RevocationRequest asFirstAsked(RevocationRequest request) {
        return pending.find(request.act()).orElse(request);
    }

    /** The store has answered an act. */
    void answered(RevocationRequest request) {
        pending.answered(request.act());
    }
}
