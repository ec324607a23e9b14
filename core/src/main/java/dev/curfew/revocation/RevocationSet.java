package dev.curfew.revocation;

import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Revocations by target: the plain, exact form of the set that every store and index represents in its own way.
 *
 * <p>A check is a handful of hash look-ups. Raised cut-offs stay side by side, so that each can still say what it
 * ended, until {@link #purge} drops those that another one supersedes. Confined to one thread, or guarded by its owner.
 */
public final class RevocationSet {
    private final Map<LookupKey, List<Revocation>> byKey = new HashMap<>();
    private final List<Revocation> births = new ArrayList<>();
    private int size;

    /** Makes an empty set. */
    public RevocationSet() {}

    /**
     * Adds an entry, unless one is already there that {@linkplain Revocation#replaces replaces} it.
     *
     * @param revocation the entry
     * @return true if the set has changed
     */
    public boolean add(Revocation revocation) {
        List<Revocation> entries = slot(revocation);
        if (entries.stream().anyMatch(present -> present.replaces(revocation))) {
            return false;
        }
        entries.add(revocation);
        size++;
        return true;
    }

    /**
     * All entries that cover a token or session and are not forgotten, the one recorded first in front.
     *
     * @param facts of the token or session
     * @param now the instant of the operation
     * @return the entries, none if it may be used
     */
    public List<Revocation> covering(TokenFacts facts, Instant now) {
        return candidates(facts).stream()
                .flatMap(List::stream)
                .filter(entry -> !entry.isForgotten(now) && entry.covers(facts))
                .sorted(Revocation.recordedFirst())
                .toList();
    }

    /**
     * Tells whether anything covers a token or session, without saying what.
     *
     * @param facts of the token or session
     * @param now the instant of the operation
     * @return true if it may not be used
     */
    public boolean coversAny(TokenFacts facts, Instant now) {
        for (List<Revocation> entries : candidates(facts)) {
            for (Revocation entry : entries) {
                if (!entry.isForgotten(now) && entry.covers(facts)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * The entries of one target.
     *
     * @param target the target
     * @return those recorded, raised ones side by side
     */
    public List<Revocation> of(RevocationTarget target) {
        List<Revocation> entries = target.kind() == RevocationTarget.Kind.BIRTH ? births : at(target.key());
        return entries.stream().filter(entry -> entry.target().equals(target)).toList();
    }

    /** {@return all entries, in no order} */
    public Stream<Revocation> stream() {
        return Stream.concat(births.stream(), byKey.values().stream().flatMap(List::stream));
    }

    /** {@return how many entries there are, births included} */
    public int size() {
        return size;
    }

    /**
     * Drops entries of one target; births stay.
     *
     * @param target whose
     * @param isGone which; the owner answers for it that something else covers as much
     * @return what went
     */
    public List<Revocation> removeIf(RevocationTarget target, Predicate<Revocation> isGone) {
        if (target.kind() == RevocationTarget.Kind.BIRTH) {
            return List.of();
        }
        List<Revocation> dropped = of(target).stream().filter(isGone).toList();
        if (!dropped.isEmpty()) {
            at(target.key()).removeAll(dropped);
            size -= dropped.size();
        }
        return dropped;
    }

    /**
     * Drops entries of any target but births; looks at all of them.
     *
     * @param isGone which; the owner answers for it that something else covers as much
     * @return what went
     */
    public List<Revocation> removeIf(Predicate<Revocation> isGone) {
        List<Revocation> dropped =
                byKey.values().stream().flatMap(List::stream).filter(isGone).toList();
        byKey.values().forEach(entries -> entries.removeIf(isGone));
        byKey.values().removeIf(List::isEmpty);
        size -= dropped.size();
        return dropped;
    }

    /**
     * Drops what nobody needs any more; births stay.
     *
     * @param before entries forgotten at this instant go, and those that were superseded before it
     * @param limit the most entries to drop
     * @return what went
     */
    public List<Revocation> purge(Instant before, int limit) {
        List<Revocation> dropped = new ArrayList<>();
        for (Iterator<List<Revocation>> slots = byKey.values().iterator();
                slots.hasNext() && dropped.size() < limit; ) {
            List<Revocation> entries = slots.next();
            List<Revocation> gone = entries.stream()
                    .filter(entry -> entry.isForgotten(before) || isSuperseded(entry, entries, before))
                    .limit(limit - dropped.size())
                    .toList();
            entries.removeAll(gone);
            dropped.addAll(gone);
            if (entries.isEmpty()) {
                slots.remove();
            }
        }
        size -= dropped.size();
        return dropped;
    }

    private static boolean isSuperseded(Revocation entry, List<Revocation> entries, Instant before) {
        return entries.stream()
                .anyMatch(other -> !other.equals(entry) && other.revokedAt().isBefore(before) && other.replaces(entry));
    }

    private List<List<Revocation>> candidates(TokenFacts facts) {
        return List.of(
                births,
                at(facts.tokenKey()),
                at(facts.sessionKey()),
                at(facts.signingKeyKey()),
                at(facts.subjectKey()),
                at(facts.clientKey()),
                at(facts.realmKey()));
    }

    private List<Revocation> slot(Revocation revocation) {
        return revocation.target().kind() == RevocationTarget.Kind.BIRTH
                ? births
                : byKey.computeIfAbsent(revocation.target().key(), key -> new ArrayList<>(1));
    }

    private List<Revocation> at(@Nullable LookupKey key) {
        return key == null ? List.of() : byKey.getOrDefault(key, List.of());
    }
}
