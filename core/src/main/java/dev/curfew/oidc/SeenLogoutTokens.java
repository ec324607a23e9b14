package dev.curfew.oidc;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.UndecodableRecordException;
import dev.curfew.token.EventToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Remembers which logout tokens were accepted, for all nodes together, until no verifier accepts them any more.
 * Thread-safe.
 *
 * <p>As many as a provider signs within the life of one: nothing is remembered that is not authentic.
 */
final class SeenLogoutTokens {
    private static final byte[] NOTHING = new byte[0];

    /** How long a token without {@code exp} is taken, where a policy lets it miss. */
    private static final Duration LIFE_WITHOUT_EXP = Duration.ofMinutes(2);

    private final SharedRecords records;
    private final Clock clock;
    private final Duration skew;

    /** With the skew by which a verifier takes a token after its time. */
    SeenLogoutTokens(SharedRecords records, Clock clock, Duration skew) {
        this.records = records;
        this.clock = clock;
        this.skew = skew;
    }

    /** Whether it was accepted before; not where nobody can read that, so that no logout is lost. One round trip. */
    boolean contains(EventToken token) {
        try {
            return records.read(key(token), clock.instant()).isPresent();
        } catch (UndecodableRecordException e) {
            return false;
        }
    }

    /** Remembers it; answers false if another node, or thread, was first. One round trip. */
    boolean add(EventToken token) {
        Instant now = clock.instant();
        Instant end = end(token).plus(skew).plusSeconds(1);
        // One that is over by this clock has no time left in which it could be remembered.
        return !end.isAfter(now) || records.write(key(token), 0, NOTHING, end, now);
    }

    /** Those that end in one minute are a group: else they would all fill what a store keeps and walks as one. */
    static RecordKey key(EventToken token) {
        LookupKey group = LookupKey.of(
                "seen-logout",
                token.realm().name(),
                token.issuer(),
                Long.toString(Math.floorDiv(end(token).getEpochSecond(), 60L)));
        return new RecordKey(group, LookupKey.of("seen-logout", token.id()));
    }

    private static Instant end(EventToken token) {
        return token.expiresAt().orElseGet(() -> token.issuedAt().plus(LIFE_WITHOUT_EXP));
    }
}
