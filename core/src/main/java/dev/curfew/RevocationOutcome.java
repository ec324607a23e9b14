package dev.curfew;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What became of the wish to revoke. Immutable. */
public sealed interface RevocationOutcome {
    /** {@return what was recorded, if anything was: of {@link Revoked} itself, and of {@link Unreached}} */
    default Optional<Revoked> recorded() {
        return Optional.empty();
    }

    /**
     * The target is revoked, by this call or an earlier one.
     *
     * @param target what sort of thing was recorded; coarser than asked for if a session or subject had
     *     caused too many revocations, or a bounded store had no room
     * @param count how many live sessions (for a token: tokens) this act ended: exact for a token, session or subject,
     *     nothing for a client, a realm or a signing key
     * @param changed whether this call wrote anything; false if it was revoked already, or expired
     */
    record Revoked(RevocationTarget.Kind target, OptionalLong count, boolean changed) implements RevocationOutcome {
        @Override
        public Optional<Revoked> recorded() {
            return Optional.of(this);
        }
    }

    /**
     * The target is recorded as revoked, but tokens do not name such a thing, as their policies declare: they stay
     * usable until they expire. To end them, revoke something coarser: the subject, or the realm.
     *
     * @param revoked what was recorded; it counts for the sessions that are kept here, and for whatever names it
     * @param issuers whose tokens it does not reach, as their policies spell them; empty if no policy has this realm
     * @param usableFor how long those tokens can be used at most, counted from their issue
     */
    record Unreached(Revoked revoked, Set<String> issuers, Duration usableFor) implements RevocationOutcome {
        /** Copies the set. */
        public Unreached {
            Objects.requireNonNull(revoked, "revoked");
            Objects.requireNonNull(usableFor, "usableFor");
            issuers = Set.copyOf(issuers);
        }

        @Override
        public Optional<Revoked> recorded() {
            return Optional.of(revoked);
        }
    }

    /**
     * The caller's own token or session is revoked; nothing was changed.
     *
     * @param by what covers the caller; if its session is over, what ended that rather than what revoked its token
     */
    record CallerRevoked(Revocation by) implements RevocationOutcome {}

    /** The target is not the caller's, or there is no such target; nothing was changed, and nobody can tell which. */
    record NotOwned() implements RevocationOutcome {}

    /** The caller's token names no session, so that "all others" means nothing; nothing was changed. */
    record NoCurrentSession() implements RevocationOutcome {}
}
