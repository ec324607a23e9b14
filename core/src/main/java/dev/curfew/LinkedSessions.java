package dev.curfew;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.CurfewException;
import dev.curfew.session.LookupKey;
import dev.curfew.store.OperationId;
import dev.curfew.store.SessionStore;
import dev.curfew.store.UndecodableRecordException;
import dev.curfew.store.UndecodableRevocationException;
import dev.curfew.upstream.Link;
import dev.curfew.upstream.Links;
import dev.curfew.upstream.UpstreamName;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Ends the sessions of ours that began from a login that has ended at its provider. Thread-safe. */
final class LinkedSessions {
    private static final int MOST_SUPPRESSED = 10;

    private final Links links;
    private final Revocations revocations;
    private final SessionStore store;
    private final Clock clock;

    LinkedSessions(Links links, Revocations revocations, SessionStore store, Clock clock) {
        this.links = links;
        this.revocations = revocations;
        this.store = store;
        this.clock = clock;
    }

    /**
     * Ends each session of ours that a recorded entry of an upstream covers, also one that has not begun yet. A repeat,
     * on whatever node, is the same act.
     *
     * @param named what was to end
     * @param entry what stands for it
     * @return how many have ended by it, as far as they had begun
     * @throws UndecodableRecordException if some link cannot be read, after the sessions of all others have ended
     */
    long end(RevocationTarget named, Revocation entry, Instant now) {
        long ended = 0;
        long unreadable = 0;
        Failures failures = new Failures();
        Optional<LookupKey> from = Optional.empty();
        do {
            Links.Covered page = links.coveredBy(named, entry, from, now);
            for (Link link : page.links()) {
                ended += failures.orZero(() -> end(link, named, entry));
            }
            unreadable += page.unreadable();
            from = page.next();
        } while (from.isPresent());
        failures.rethrow();
        if (unreadable > 0) {
            throw new UndecodableRecordException(unreadable
                    + " link(s) between a login at a provider and a session cannot be read: damaged, of a later"
                    + " version, or under a key that is not in the ring; the sessions of all others have ended");
        }
        return ended;
    }

    /**
     * The same for an entry that was found on the feed, by whoever it was recorded: ends what has not ended yet.
     *
     * <p>The links are listed after the entry was read, so that a login of which the list does not know yet reads the
     * entry behind it, and does not begin.
     *
     * @param goesOn asked before each step
     */
    Outbox.Finished finish(Revocation entry, BooleanSupplier goesOn) {
        Kind kind = entry.target().kind();
        if (kind != Kind.FOREIGN_SESSION && kind != Kind.SUBJECT) {
            boolean isUnlisted = kind == Kind.REALM && UpstreamName.isActor(entry.actor());
            return new Outbox.Finished(0, isUnlisted ? 1 : 0, true);
        }
        long ended = 0;
        int unreadable = 0;
        Failures failures = new Failures();
        Optional<LookupKey> from = Optional.empty();
        do {
            if (!goesOn.getAsBoolean()) {
                return new Outbox.Finished(ended, unreadable, false);
            }
            Links.Covered page = links.coveredBy(entry.target(), entry, from, clock.instant());
            for (Link link : page.links()) {
                if (!goesOn.getAsBoolean()) {
                    return new Outbox.Finished(ended, unreadable, false);
                }
                ended += failures.orZero(() -> isEnded(link) ? 0 : end(link, entry.target(), entry));
            }
            unreadable += page.unreadable();
            from = page.next();
        } while (from.isPresent());
        failures.rethrow();
        return new Outbox.Finished(ended, unreadable, true);
    }

    /**
     * Whether the store knows that the session is over, by whatever. Asked, so that a session which has ended long ago
     * is not told of once more; of one that has not begun nothing is known.
     */
    private boolean isEnded(Link link) {
        TokenFacts facts = TokenFacts.in(link.local().realm())
                .subject(link.local())
                .session(link.session())
                .authenticatedAt(link.session().authenticatedAt())
                .build();
        try {
            return !store.revocationsCovering(facts, clock.instant()).isEmpty();
        } catch (UndecodableRevocationException e) {
            return false;
        }
    }

    /**
     * What failed for one session, and hinders no other; told once all were tried. An outage is one for all of them.
     * Confined to one thread.
     */
    private static final class Failures {
        private @Nullable RuntimeException first;

        long orZero(LongSupplier step) {
            try {
                return step.getAsLong();
            } catch (CurfewException e) {
                if (e.isRetryable()) {
                    throw e;
                }
                note(e);
            } catch (RuntimeException e) {
                note(e);
            }
            return 0;
        }

        private void note(RuntimeException e) {
            if (first == null) {
                first = e;
            } else if (first.getSuppressed().length < MOST_SUPPRESSED) {
                first.addSuppressed(e);
            }
        }

        void rethrow() {
            if (first != null) {
                throw first;
            }
        }
    }

    private long end(Link link, RevocationTarget named, Revocation entry) {
        LookupKey act = LookupKey.of(
                "upstream-link-end",
                named.key().toString(),
                Long.toString(entry.issuedBefore().toEpochMilli()),
                link.ref().key().toString());
        RevocationCause cause =
                RevocationCause.of(entry.reason(), entry.actor()).named(new OperationId(act.high(), act.low()));
        return revocations
                .revoke(link.local(), link.session(), cause)
                .recorded()
                .filter(RevocationOutcome.Revoked::changed)
                .map(revoked -> revoked.count().orElse(0))
                .orElse(0L);
    }
}
