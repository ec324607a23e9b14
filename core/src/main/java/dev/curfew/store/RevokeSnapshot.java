package dev.curfew.store;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a store reads, under the lock of its atomic step, for one revocation. Confined to one thread.
 *
 * <p>{@link RevokeRule} asks in the order in which it decides, and only for what it needs. A store answers from what it
 * holds, or from one round trip that it has made before.
 */
public interface RevokeSnapshot {
    /** {@return what the same act ({@link RevocationRequest#act}) wrote before, if it was remembered} */
    Optional<RevokeResult.Recorded> repeated();

    /**
     * Finds what revokes the caller.
     *
     * @param caller the facts of the caller's token or session
     * @return the entries that cover the caller, the one recorded first in front; none if the caller may act
     * @throws BeforeHorizonException if nobody can say so at this instant
     * @throws UndecodableRevocationException if an entry that may cover the caller cannot be read
     */
    List<Revocation> covering(TokenFacts caller);

    /**
     * The row of the session that is the target. Asked for whatever target.
     *
     * @return the row, live or not, with what covers it as far as that can be read, if there is one; nothing if the
     *     target is no session
     */
    Optional<FoundSession> session();

    /**
     * The entries of the target that count as recorded, forgotten or not: all with the key of the target that can be
     * read. A foreign session has one key and may have two targets, with a bucket and without.
     *
     * @return in any order; entries of other targets may be among them
     */
    Collection<Revocation> standing();

    /** {@return what the clock of the store's server says; the instant of the operation if it has none} */
    Instant clock();

    /**
     * The newest instant that a cut-off must lie behind if it means "now". Asked for such a cut-off of a subject, a
     * client or a realm only. Cut-offs are entries whose {@linkplain
     * dev.curfew.revocation.RevocationTarget.Kind#isCutOff kind} is one; those that are forgotten or superseded may
     * count, because later is safer.
     *
     * @return for a subject, the newest cut-off of itself, its realm, any client of the realm and the births, and the
     *     newest {@code authenticatedAt} of its stored sessions other than the exempt one; for a client or a realm, the
     *     newest cut-off of any target of the realm and the births
     */
    Instant newestApplicable();

    /**
     * Tells whether an entry would be over before it is recorded. One clock that is wrong must not make this true where
     * there are two: the later end counts. A store that has no clock but {@code now} answers by that.
     *
     * @param entry with its instants
     * @return true if it need not be written
     */
    boolean isForgotten(Revocation entry);

    /**
     * Counts what a cut-off of a subject ends. Asked for a subject only.
     *
     * @param cutOff with its instants, not recorded yet
     * @return how many live sessions of that subject it covers
     */
    long countLive(Revocation cutOff);
}
