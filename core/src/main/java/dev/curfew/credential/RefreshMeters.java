package dev.curfew.credential;

import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import dev.curfew.refresh.RefreshResult;
import dev.curfew.refresh.RefreshResult.Conflict;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.refresh.RefreshResult.Refused;
import dev.curfew.refresh.RefreshResult.Reused;
import dev.curfew.session.CredentialRefusal;
import java.util.ArrayList;
import java.util.List;

/** Counts refreshes by what became of them. Thread-safe. */
final class RefreshMeters {
    private enum Outcome {
        REFRESHED,
        REPLAYED,
        CONFLICT,
        REUSED
    }

    private final Counts<Outcome> outcomes = new Counts<>(Outcome.class);
    private final Counts<CredentialRefusal> refused = new Counts<>(CredentialRefusal.class);

    void count(RefreshResult result) {
        if (result instanceof Refreshed refreshed) {
            outcomes.increment(refreshed.isReplay() ? Outcome.REPLAYED : Outcome.REFRESHED);
        } else if (result instanceof Conflict) {
            outcomes.increment(Outcome.CONFLICT);
        } else if (result instanceof Reused) {
            outcomes.increment(Outcome.REUSED);
        } else if (result instanceof Refused refusal) {
            refused.increment(refusal.why());
        }
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(
                outcomes.meters("curfew.refreshes", "refresh tokens presented and honoured, or reused", "result"));
        meters.addAll(refused.meters("curfew.refreshes.refused", "refresh tokens refused, nothing changed", "reason"));
        return meters;
    }
}
