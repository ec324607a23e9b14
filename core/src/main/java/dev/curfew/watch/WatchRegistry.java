package dev.curfew.watch;

import dev.curfew.session.LookupKey;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** All watches of this node that are not over, however they are to be found. Thread-safe. */
final class WatchRegistry {
    private final int most;
    private final WatchDelivery delivery;
    private final Semaphore places;
    private final Set<Watch> all = ConcurrentHashMap.newKeySet();
    private final WatchesByKey byKey = new WatchesByKey();
    private final DueWatches due = new DueWatches();

    /** Of which nobody could say when they were asked about last that they are not revoked. */
    private final Set<Watch> doubtful = ConcurrentHashMap.newKeySet();

    WatchRegistry(int most, WatchDelivery delivery) {
        this.most = most;
        this.delivery = delivery;
        this.places = new Semaphore(most);
    }

    /**
     * Takes a place, to be freed by the watch that is made for it.
     *
     * @throws TooManyWatchesException if there is none
     */
    void takePlace() {
        if (!places.tryAcquire()) {
            throw new TooManyWatchesException(most);
        }
    }

    void freePlace() {
        places.release();
    }

    /** From now on it can be found, and may be over at any time. */
    void add(Watch watch) {
        all.add(watch);
        byKey.add(watch.facts().tokenKey(), watch);
        byKey.add(watch.facts().sessionKey(), watch);
        byKey.add(watch.facts().subjectKey(), watch);
        due.put(watch, watch.ends().nextMillis());
        removeIfOver(watch);
    }

    /** It is over, and found no more; without effect if it is not here. */
    void remove(Watch watch) {
        all.remove(watch);
        byKey.remove(watch.facts().tokenKey(), watch);
        byKey.remove(watch.facts().sessionKey(), watch);
        byKey.remove(watch.facts().subjectKey(), watch);
        due.remove(watch);
        doubtful.remove(watch);
    }

    void handOver(Watch watch) {
        delivery.schedule(watch);
    }

    /** Whether there is no watch, and none that still has something to tell. */
    boolean isAtRest() {
        return places.availablePermits() == most;
    }

    int size() {
        return all.size();
    }

    /** Those whose token, session or subject has this key. */
    Set<Watch> find(LookupKey key) {
        return byKey.find(key);
    }

    void forEach(Consumer<Watch> action) {
        all.forEach(action);
    }

    Iterator<Watch> iterator() {
        return all.iterator();
    }

    DueWatches due() {
        return due;
    }

    void doubt(Watch watch) {
        doubtful.add(watch);
        removeIfOver(watch);
    }

    /** Whoever is certain of one again takes it out of this. */
    Set<Watch> doubtful() {
        return doubtful;
    }

    /** Whether nothing is left of any watch. */
    boolean isTidy() {
        return all.isEmpty()
                && byKey.size() == 0
                && due.size() == 0
                && doubtful.isEmpty()
                && places.availablePermits() == most;
    }

    /** What ended while it was put in was taken out of the rest only. */
    private void removeIfOver(Watch watch) {
        if (!watch.isOpen()) {
            remove(watch);
        }
    }
}
