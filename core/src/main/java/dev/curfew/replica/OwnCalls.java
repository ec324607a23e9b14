package dev.curfew.replica;

import dev.curfew.replica.ReceivedRevocations.OwnCall;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
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
    private final NodeTime time;

    OwnCalls(
            RevocationIndex index,
            RecentRevocations recent,
            ReceivedRevocations received,
            PendingRecords pending,
            NodeTime time) {
        this.index = index;
        this.recent = recent;
        this.received = received;
        this.pending = pending;
        this.time = time;
    }

    void whenConfirmed(Consumer<List<Revocation>> listener) {
        pending.whenConfirmed(listener);
    }

    void whenReceived(BiConsumer<List<Revocation>, Instant> listener) {
        received.listener(listener);
    }

    List<Revocation> recent() {
        return recent.all();
    }

    /** A call begins that may record something. */
    OwnCall begin() {
        return received.begin();
    }

    /** Takes in what other nodes have recorded. */
    void learn(Collection<Revocation> entries, Instant now) {
        if (!entries.isEmpty()) {
            received.learnt(add(entries, now), now);
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
        index.addAll(entries, time.forgetting(now)).forEach(this::acknowledgedNews);
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
