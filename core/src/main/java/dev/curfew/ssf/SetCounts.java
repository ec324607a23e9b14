package dev.curfew.ssf;

import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import dev.curfew.meter.TroubleLog;
import dev.curfew.session.Realm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts SETs by what became of them, and tells in the log why some are refused. Thread-safe. */
final class SetCounts {
    /** What became of one. */
    enum Result {
        /** It was accepted: what it ends is recorded, or it was about the stream. */
        ACCEPTED,
        /** It was accepted, and ends nothing here. */
        IGNORED,
        /** It was refused: its transmitter was told that it is wrong. */
        REFUSED,
        /** What it ends is not known to be recorded. */
        FAILED
    }

    private final Counts<Result> results = new Counts<>(Result.class);
    private final Counts<SetError> refusals = new Counts<>(SetError.class);
    private final Map<String, String> tags;
    private final TroubleLog refused;

    SetCounts(Class<?> owner, Realm realm, String delivery) {
        this.tags = Map.of("delivery", delivery, "realm", realm.name());
        this.refused = new TroubleLog(owner, "SETs are refused", "SETs are accepted again", System::nanoTime);
    }

    /** One was accepted. */
    void accepted(Optional<SignalListener.Why> why) {
        refused.worked();
        results.increment(why.filter(SignalListener.Why::isIgnored).isPresent() ? Result.IGNORED : Result.ACCEPTED);
    }

    /** One was refused. */
    void refused(SetError error, String detail) {
        refused.failed(detail);
        results.increment(Result.REFUSED);
        refusals.increment(error);
    }

    /** One could not be recorded. */
    void failed() {
        results.increment(Result.FAILED);
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(results.meters(
                "curfew.ssf.sets", "security event tokens of a transmitter", "result", tags, value -> true));
        meters.addAll(refusals.meters(
                "curfew.ssf.refusals", "security event tokens that were refused", "error", tags, value -> true));
        return meters;
    }
}
