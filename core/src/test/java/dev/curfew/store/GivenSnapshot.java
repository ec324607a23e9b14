package dev.curfew.store;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a test says that a store has read: nothing, until it says something. Confined to one thread. */
final class GivenSnapshot implements RevokeSnapshot {
    RevokeResult.@Nullable Recorded repeated;
    List<Revocation> covering = List.of();

    @Nullable
    FoundSession session;

    List<Revocation> standing = List.of();
    Instant clock = Instant.EPOCH;
    Instant newestApplicable = Instant.EPOCH;
    boolean forgotten;
    long live;

    @Override
    public Optional<RevokeResult.Recorded> repeated() {
        return Optional.ofNullable(repeated);
    }

    @Override
    public List<Revocation> covering(TokenFacts caller) {
        return covering;
    }

    @Override
    public Optional<FoundSession> session() {
        return Optional.ofNullable(session);
    }

    @Override
    public Collection<Revocation> standing() {
        return standing;
    }

    @Override
    public Instant clock() {
        return clock;
    }

    @Override
    public Instant newestApplicable() {
        return newestApplicable;
    }

    @Override
    public boolean isForgotten(Revocation entry) {
        return forgotten;
    }

    @Override
    public long countLive(Revocation cutOff) {
        return live;
    }
}
