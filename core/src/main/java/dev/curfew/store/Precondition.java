package dev.curfew.store;

import dev.curfew.revocation.TokenFacts;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What must hold, in the same atomic step, for a revocation to be recorded. Immutable.
 */
public final class Precondition {
    private static final Precondition NONE = new Precondition(null);

    private final @Nullable TokenFacts caller;

    private Precondition(@Nullable TokenFacts caller) {
        this.caller = caller;
    }

    /** {@return the shared value for no precondition: the host has decided} */
    public static Precondition none() {
        return NONE;
    }

    /**
     * The caller's token is not revoked, and the target is the caller's own: its token, its session, another session of
     * the same subject, or that subject.
     *
     * @param facts of the caller's verified token
     * @return the precondition
     */
    public static Precondition ownedBy(TokenFacts facts) {
        return new Precondition(Objects.requireNonNull(facts, "facts"));
    }

    /** {@return the facts of the caller whose own the target must be, or nothing if there is no precondition} */
    public Optional<TokenFacts> caller() {
        return Optional.ofNullable(caller);
    }
}
