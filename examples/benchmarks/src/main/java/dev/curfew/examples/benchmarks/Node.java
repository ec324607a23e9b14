package dev.curfew.examples.benchmarks;

import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A node of a host: a replica that is loaded, with its checker. Thread-safe. */
record Node(RevocationReplica replica, TokenRevocationChecker checker) implements AutoCloseable {
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(5);

    static Node on(SessionStore store, StoreSettings settings) {
        RevocationReplica replica =
                RevocationReplica.of(store, settings).loadWithin(LONGEST_LOAD).start();
        return new Node(replica, replica.checker().build());
    }

    /** A node that holds so many generated revocations, those of some tokens among them. */
    static Node holding(long live, List<VerifiedToken> revoked) {
        Instant now = Instant.now();
        GeneratedRevocations revocations = new GeneratedRevocations(
                42,
                TokenIssuer.REALM,
                now,
                revoked.stream().map(VerifiedToken::facts).toList());
        return on(new GeneratedStore(revocations, live, now), GeneratedStore.settings());
    }

    @Override
    public void close() {
        replica.close();
    }
}
