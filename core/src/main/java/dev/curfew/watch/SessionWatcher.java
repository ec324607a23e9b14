package dev.curfew.watch;

/**
 * Hears what becomes of the credential of a connection that stays open.
 *
 * <p>It is called on a thread of the service's own, of which there are four, or on the host's {@code eventExecutor};
 * the news of one watch in order and one at a time. It may close its watch. It should not wait: closing a socket is
 * fine, asking a server that is far away is better done elsewhere. What it throws is logged and harms nobody. One call
 * that does not return within 30 seconds to a thread of the service's own closes the watch, and the thread is replaced;
 * on threads of the {@code eventExecutor} nobody looks after that.
 */
@FunctionalInterface
public interface SessionWatcher {
    /**
     * Something has become of it.
     *
     * @param news what; after one that {@linkplain WatchNews#isLast() is the last} nothing comes any more
     */
    void onNews(WatchNews news);
}
