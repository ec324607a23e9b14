package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.work.RecentSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Revocations that have joined a transaction of the host and whose instants are not fixed yet: each covers its whole
 * target meanwhile, except the exempt session. Any number of readers; writers take turns.
 *
 * <p>Every complete read of the feed brings each of them again, open or closed, under the name of its act. One that a
 * read does not bring was lost by the store.
 */
final class OpenRevocations {
    private static final int MOST_CLOSED = 10_000;

    /** One of them; two of one target stand side by side, since each ends for itself. */
    record Open(LookupKey act, Revocation entry) {}

    private static final Open[] NONE = {};

    private final ConcurrentHashMap<LookupKey, Open[]> byTarget = new ConcurrentHashMap<>();
    private final Map<LookupKey, Open> byAct = new HashMap<>();
    private final Set<LookupKey> missing = new HashSet<>();

    /** Those that were closed, because a feed may bring things in any order. */
    private final RecentSet<LookupKey> closed = new RecentSet<>(MOST_CLOSED);

    private volatile boolean isEmpty = true;

    boolean isEmpty() {
        return isEmpty;
    }

    /** One of those that cover some facts: the subject's before others, or null. */
    @Nullable
    Revocation find(TokenFacts facts) {
        Revocation open = find(facts.subjectKey(), facts);
        open = open != null ? open : find(facts.sessionKey(), facts);
        open = open != null ? open : find(facts.tokenKey(), facts);
        open = open != null ? open : find(facts.clientKey(), facts);
        open = open != null ? open : find(facts.realmKey(), facts);
        return open != null ? open : find(facts.signingKeyKey(), facts);
    }

    /** Of this target the one recorded first. */
    private @Nullable Revocation find(@Nullable LookupKey target, TokenFacts facts) {
        Revocation first = null;
        if (target != null) {
            for (Open open : byTarget.getOrDefault(target, NONE)) {
                Revocation entry = open.entry();
                if (entry.covers(facts)
                        && (first == null || Revocation.recordedFirst().compare(entry, first) < 0)) {
                    first = entry;
                }
            }
        }
        return first;
    }

    /** From now on it covers, unless it is known to be closed; answers whether it did not before. */
    boolean open(LookupKey act, Revocation entry) {
        missing.remove(act);
        if (closed.contains(act) || byAct.containsKey(act)) {
            return false;
        }
        Open opened = new Open(act, entry);
        byAct.put(act, opened);
        byTarget.merge(entry.target().key(), new Open[] {opened}, OpenRevocations::both);
        isEmpty = false;
        return true;
    }

    /** From now on it covers no more; what has become of it must have been added before. */
    void close(LookupKey act) {
        missing.remove(act);
        closed.add(act);
        Open ended = byAct.remove(act);
        if (ended != null) {
            byTarget.computeIfPresent(ended.entry().target().key(), (target, present) -> {
                Open[] staying = Arrays.stream(present)
                        .filter(other -> !other.act().equals(act))
                        .toArray(Open[]::new);
                return staying.length == 0 ? null : staying;
            });
            isEmpty = byAct.isEmpty();
        }
    }

    /** A read begins; it is to bring all of these again. */
    void beginRead() {
        missing.clear();
        missing.addAll(byAct.keySet());
    }

    /** The read is complete: those that it has not brought. */
    List<Open> lost() {
        List<Open> lost = new ArrayList<>();
        for (LookupKey act : missing) {
            Open open = byAct.get(act);
            if (open != null) {
                lost.add(open);
            }
        }
        return lost;
    }

    private static Open[] both(Open[] present, Open[] added) {
        Open[] all = Arrays.copyOf(present, present.length + 1);
        all[present.length] = added[0];
        return all;
    }
}
