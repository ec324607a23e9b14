package dev.curfew.revocation;

import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one session that a cut-off spares: the current one in "end all others". Immutable.
 */
public final class ExemptSession {
    private final LookupKey key;
    private final @Nullable Instant began;

    private ExemptSession(LookupKey key, @Nullable Instant began) {
        this.key = Objects.requireNonNull(key, "key");
        this.began = began;
    }

    /**
     * Spares a session.
     *
     * @param session ours, which proves when it began, or foreign, which does not
     * @return the exemption
     */
    public static ExemptSession of(SessionRef session) {
        Instant began = session.handle() instanceof SessionId ours ? ours.authenticatedAt() : null;
        return new ExemptSession(session.key(), began);
    }

    /**
     * Reads an exemption back from a store.
     *
     * @param key the session's lookup key
     * @param began when it provably began, or null for a foreign session
     * @return the exemption
     */
    public static ExemptSession stored(LookupKey key, @Nullable Instant began) {
        return new ExemptSession(key, began);
    }

    /** {@return the session's lookup key} */
    public LookupKey key() {
        return key;
    }

    /** {@return when the session provably began, or nothing for a foreign session} */
    public Optional<Instant> began() {
        return Optional.ofNullable(began);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExemptSession that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return "ExemptSession[" + key + "]";
    }
}
