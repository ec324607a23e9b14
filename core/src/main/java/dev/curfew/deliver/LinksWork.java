package dev.curfew.deliver;

import dev.curfew.Outbox;
import dev.curfew.SessionService;
import dev.curfew.meter.DamagedRows;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.session.LookupKey;
import dev.curfew.store.UndecodableRecordException;
import dev.curfew.store.UndecodableRevocationException;
import dev.curfew.work.BoundedMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Ends the sessions of ours that are tied to a login at a provider which an entry ends, where the node that recorded it
 * died, or the store failed, before they had ended. Used by one thread.
 */
final class LinksWork implements FeedLane.Work {
    static final String NAME = "links";

    /** What nobody expected is tried so often, before what follows is no longer kept waiting. */
    private static final int MOST_TRIES = 10;

    private static final int MOST_FAILING = 1_000;

    private final Outbox outbox;
    private final LaneMeters meters = new LaneMeters(NAME);
    private final DamagedRows unreadable;

    /** Of entries that failed for what nobody expected, until their page is done. */
    private final Map<Revocation, Integer> tries = BoundedMap.byAge(MOST_FAILING);

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
    public boolean run(Revocation entry, BooleanSupplier goesOn) {
        try {
            Outbox.Finished finished = outbox.finish(entry, goesOn);
            meters.ended(finished.ended());
            if (finished.unreadable() > 0) {
                passedOver(
                        entry,
                        finished.unreadable(),
                        finished.unreadable()
                                + " link(s) between a login at a provider and a session cannot be read or listed");
            }
            return finished.isComplete();
        } catch (UndecodableRecordException | UndecodableRevocationException e) {
            passedOver(entry, 1, FailureText.of(e));
            return true;
        } catch (RuntimeException e) {
            boolean isOutage = e instanceof CurfewException ours && ours.isRetryable();
            if (isOutage || tries.merge(entry, 1, Integer::sum) < MOST_TRIES) {
                throw e;
            }
            passedOver(entry, 1, FailureText.of(e));
            return true;
        }
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
