package dev.curfew.examples.sqlite;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.UndecodableRevocationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What covers tokens and sessions, from one read of the entries that may.
 *
 * <p>SQL only finds the entries by key. The rule itself is {@link Revocation#covers}, here as everywhere: a second
 * spelling of it in SQL would be a second rule.
 */
final class Coverage {
    private final Map<LookupKey, List<Revocation>> entries = new HashMap<>();
    private final Set<LookupKey> undecodable = new HashSet<>();

    private Coverage() {}

    static Coverage of(Transaction transaction, Collection<TokenFacts> facts) {
        Set<LookupKey> keys = new LinkedHashSet<>();
        facts.forEach(one -> keysOf(one).forEach(keys::add));
        Coverage coverage = new Coverage();
        for (FeedTable.Numbered found : new FeedTable(transaction).of(keys)) {
            found.entry()
                    .ifPresentOrElse(
                            entry -> coverage.add(found.target(), entry),
                            () -> coverage.undecodable.add(found.target()));
        }
        return coverage;
    }

    private void add(LookupKey target, Revocation entry) {
        entries.computeIfAbsent(target, key -> new ArrayList<>()).add(entry);
    }

    /** A target has the key of what it names, so that these are all keys under which an entry may cover the facts. */
    private static Stream<LookupKey> keysOf(TokenFacts facts) {
        return Stream.of(
                        facts.tokenKey(),
                        facts.sessionKey(),
                        facts.subjectKey(),
                        facts.clientKey(),
                        facts.realmKey(),
                        facts.signingKeyKey(),
                        FeedTable.BIRTH.key())
                .filter(Objects::nonNull);
    }

    /**
     * What covers facts at an instant, the entry recorded first in front.
     *
     * @throws UndecodableRevocationException if an entry that may cover them cannot be read
     */
    List<Revocation> covering(TokenFacts facts, Instant now) {
        if (isUnknown(facts)) {
            throw new UndecodableRevocationException("an entry that may cover this cannot be read");
        }
        return readable(facts, now);
    }

    /** Tells whether nobody can say what covers these facts. */
    boolean isUnknown(TokenFacts facts) {
        return !undecodable.isEmpty() && keysOf(facts).anyMatch(undecodable::contains);
    }

    /** As {@link #covering}, as far as entries can be read: for whoever revokes, which must not depend on that. */
    List<Revocation> readable(TokenFacts facts, Instant now) {
        return matching(facts, entry -> !entry.isForgotten(now));
    }

    /** Everything that covers or has covered facts and was not purged yet. */
    List<Revocation> ever(TokenFacts facts) {
        return matching(facts, entry -> true);
    }

    private List<Revocation> matching(TokenFacts facts, Predicate<Revocation> filter) {
        Comparator<Revocation> order = Revocation.recordedFirst();
        return keysOf(facts)
                .flatMap(key -> entries.getOrDefault(key, List.of()).stream())
                .filter(filter)
                .filter(entry -> entry.covers(facts))
                .sorted(order)
                .toList();
    }
}
