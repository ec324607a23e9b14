package dev.curfew.store;

import dev.curfew.revocation.Revocation;
import java.util.List;
import java.util.OptionalLong;

/** What became of a revocation. */
public sealed interface RevokeResult {
    /**
     * The target is revoked, by this call or an earlier one.
     *
     * @param entry what stands: for a repeat, what the first call recorded
     * @param newlyCovered how many live sessions (for a token: tokens) this act ended, or {@link #UNCOUNTED}; a repeat
     *     of the same operation answers the number of the first
     * @param changed whether this call wrote anything
     */
    record Recorded(Revocation entry, long newlyCovered, boolean changed) implements RevokeResult {
        /** Stands for a number that nobody counts: of a client, a realm or a signing key. */
        public static final long UNCOUNTED = -1;

        /**
         * {@return how many live sessions this act ended: exact for tokens, sessions and subjects, nothing for others}
         */
        public OptionalLong count() {
            return newlyCovered == UNCOUNTED ? OptionalLong.empty() : OptionalLong.of(newlyCovered);
        }

        /** {@return the same as a repeat of the act is told it, which wrote nothing} */
        Recorded again() {
            return new Recorded(entry, newlyCovered, false);
        }
    }

    /**
     * The caller's own token or session is revoked; nothing was changed.
     *
     * @param by what covers the caller; if its session is over, what ended that rather than what revoked its token
     */
    record CallerRevoked(Revocation by) implements RevokeResult {
        /**
         * Chooses among all that covers the caller.
         *
         * @param covering not empty, the one recorded first in front
         * @return the result
         */
        public static CallerRevoked by(List<Revocation> covering) {
            return new CallerRevoked(covering.stream()
                    .filter(revocation -> revocation.target().kind().coversSessions())
                    .findFirst()
                    .orElse(covering.get(0)));
        }
    }

    /** The target is not the caller's, or there is no such target; nothing was changed, and the answer is the same. */
    record NotOwned() implements RevokeResult {}
}
