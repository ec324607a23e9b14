package dev.curfew.jdbc.table;

import dev.curfew.revocation.LoginOrder;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.store.StoreSettings;
import java.time.Duration;
import java.time.Instant;

/**
 * What an open row says before its instants are fixed, and after.
 *
 * <p>A revocation that means "now" has no instant before somebody has seen that the host has committed: until then it
 * covers its whole target and never ends, which is {@link Revocation#NEVER} twice. One whose instants the request or
 * the target decides (a token, a session of ours, a signing key, a named instant) has them from the beginning, and
 * covers what it will always cover. It is open all the same: nothing bounds the transaction of a host, so that a reader
 * of the feed must not skip its row.
 */
public final class OpenEntries {
    private static final Duration TICK = Duration.ofMillis(1);

    private OpenEntries() {}

    /** What is written for an entry that a host's transaction may commit at any time. */
    public static Revocation open(Revocation fixed, boolean meansNow) {
        if (meansNow) {
            return with(fixed, Revocation.NEVER, Revocation.NEVER);
        }
        // An entry that names the end of time must not look like one that means "now".
        return isUnfixed(fixed) ? with(fixed, Revocation.NEVER, Revocation.NEVER.minus(TICK)) : fixed;
    }

    /** Whether it waits for its instants. */
    public static boolean isUnfixed(Revocation entry) {
        return entry.target().kind().dependsOnInstant()
                && entry.issuedBefore().equals(Revocation.NEVER)
                && entry.forgetAfter().equals(Revocation.NEVER);
    }

    /**
     * The same with its instants.
     *
     * @param open what stands there
     * @param clock the later of the two clocks, read after the commit was seen
     * @param applicable what a cut-off that means "now" must lie behind; for a foreign session, when its row began,
     *     which a cut-off of a node ahead may have pushed beyond this clock, or the epoch if there is none
     */
    public static Revocation closed(Revocation open, Instant clock, StoreSettings settings, Instant applicable) {
        if (!isUnfixed(open)) {
            return open;
        }
        Instant issuedBefore = open.target().kind() == RevocationTarget.Kind.FOREIGN_SESSION
                ? later(clock.plus(settings.nodeSkew()), applicable)
                : LoginOrder.cutOffNow(clock, settings.nodeSkew(), applicable);
        return with(open, issuedBefore, issuedBefore.plus(settings.retention()));
    }

    /**
     * What is answered to those who ask about one token or session, which it covers: no more than it will cover once it
     * is closed, so that whoever caches the answer refuses no later login.
     */
    static Revocation towards(TokenFacts facts, Revocation entry, Instant forgetAfter) {
        // What has no instant is covered by every cut-off.
        return isUnfixed(entry) ? with(entry, facts.began().orElse(Instant.EPOCH), forgetAfter) : entry;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }

    private static Revocation with(Revocation entry, Instant issuedBefore, Instant forgetAfter) {
        return entry.toBuilder()
                .issuedBefore(issuedBefore)
                .forgetAfter(forgetAfter)
                .build();
    }
}
