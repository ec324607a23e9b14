package dev.curfew.deliver;

import dev.curfew.Outbox;
import dev.curfew.SessionService;
import dev.curfew.meter.DamagedRows;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.session.LookupKey;
import java.util.function.BooleanSupplier;

/**
 * Ends the sessions of ours that are tied to a login at a provider which an entry ends, where the node that recorded it
 * died, or the store failed, before they had ended. Used by one thread.
 */
final class LinksWork implements FeedLane.Work {
    static final String NAME = "links";

    private final Outbox outbox;
    private final LaneMeters meters = new LaneMeters(NAME);
    private final DamagedRows unreadable;

    LinksWork(SessionService service) {
        this.outbox = service.outbox();
        this.unreadable = new DamagedRows(LinksWork.class, service.basis().ticker());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public LaneMeters meters() {
        return meters;
    }

    @Override
    public FeedLane.Result run(Revocation entry, boolean isLastTry, BooleanSupplier goesOn) {
        try {
            Outbox.Finished finished = outbox.finish(entry, goesOn);
            meters.ended(finished.ended());
            if (!finished.isComplete()) {
                return FeedLane.Result.STOPPED;
            }
            return finished.unreadable() == 0
                    ? FeedLane.Result.DONE
                    : again(
                            entry,
                            isLastTry,
                            finished.unreadable(),
                            finished.unreadable()
                                    + " link(s) between a login at a provider and a session cannot be read or listed");
        } catch (RuntimeException e) {
            if (e instanceof CurfewException ours && ours.isRetryable()) {
                throw e;
            }
            return again(entry, isLastTry, 1, FailureText.of(e));
        }
    }

    private FeedLane.Result again(Revocation entry, boolean isLastTry, int links, String why) {
        if (!isLastTry) {
            return FeedLane.Result.AGAIN;
        }
        passedOver(entry, links, why);
        return FeedLane.Result.DONE;
    }

    private void passedOver(Revocation entry, int links, String why) {
        meters.unreadableLinks(links);
        unreadable.met(
                entry.target().key(),
                "sessions that end with the " + entry.target().kind() + " "
                        + entry.target().key() + " live on, unless the node that recorded it has ended them: " + why);
    }

    @Override
    public void undecodable(int entries) {
        unreadable.met(
                LookupKey.of("undecodable entries"),
                entries + " entries of the feed cannot be read (does a newer version write to the same store?):"
                        + " sessions that are tied to a login which one of them ends live on, unless the node that"
                        + " recorded it has ended them");
    }
}
