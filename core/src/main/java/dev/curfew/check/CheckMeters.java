package dev.curfew.check;

import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.meter.Meter;
import java.util.List;
import java.util.Map;

/** Counts what checks answered. Thread-safe. */
final class CheckMeters {
    private final StripedCount activeByIndex = new StripedCount();
    private final StripedCount activeByStore = new StripedCount();
    private final StripedCount revokedByIndex = new StripedCount();
    private final StripedCount revokedByStore = new StripedCount();
    private final StripedCount revokedByToken = new StripedCount();
    private final StripedCount denied = new StripedCount();
    private final StripedCount permittedByLastKnown = new StripedCount();
    private final StripedCount permittedUnseen = new StripedCount();

    /** Counts a decision and answers it. */
    RevocationDecision count(RevocationDecision decision) {
        countOf(decision).increment();
        return decision;
    }

    private StripedCount countOf(RevocationDecision decision) {
        Source source = decision.source();
        return switch (decision.outcome()) {
            case ACTIVE -> source == Source.INDEX ? activeByIndex : activeByStore;
            case REVOKED ->
                source == Source.INDEX ? revokedByIndex : source == Source.STORE ? revokedByStore : revokedByToken;
            case UNKNOWN ->
                !decision.permits() ? denied : source == Source.INDEX ? permittedByLastKnown : permittedUnseen;
        };
    }

    List<Meter> meters() {
        return List.of(
                meter("active", "index", true, activeByIndex),
                meter("active", "store", true, activeByStore),
                meter("revoked", "index", false, revokedByIndex),
                meter("revoked", "store", false, revokedByStore),
                meter("revoked", "token", false, revokedByToken),
                meter("unknown", "none", false, denied),
                meter("unknown", "index", true, permittedByLastKnown),
                meter("unknown", "none", true, permittedUnseen));
    }

    private static Meter meter(String outcome, String source, boolean permitted, StripedCount count) {
        return new Meter.Counter(
                "curfew.checks",
                "checks of tokens",
                Map.of("outcome", outcome, "source", source, "permitted", Boolean.toString(permitted)),
                count::sum);
    }
}
