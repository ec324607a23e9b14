package dev.curfew.ssf;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecords;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * The states with which this host has asked for verifications of a stream, on whatever node. Thread-safe.
 *
 * <p>One stays expected until its time is over: its SET may come again.
 */
final class ExpectedStates {
    private static final Duration LIFE = Duration.ofMinutes(30);
    private static final int BYTES = 16;
    private static final byte[] NOTHING = new byte[0];

    private final SharedRecords records;
    private final LookupKey group;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    ExpectedStates(SharedRecords records, LookupKey group, Clock clock) {
        this.records = records;
        this.group = group;
        this.clock = clock;
    }

    /** A new one. One round trip. */
    String add() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String state = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant();
        // Nobody else has drawn it: what stands there stands by a write whose answer was lost below.
        records.write(key(state), 0, NOTHING, now.plus(LIFE), now);
        return state;
    }

    /** One round trip. */
    boolean has(String state) {
        return records.read(key(state), clock.instant()).isPresent();
    }

    private RecordKey key(String state) {
        return new RecordKey(group, LookupKey.of("ssf-state", state));
    }
}
