package dev.curfew.store;

/**
 * An extra ability of a {@link SessionStore}: to say soon that the feed has something new. Implementations are
 * thread-safe.
 *
 * <p>A hint only cuts the delay until the next poll. It may come too often, and losing one costs nothing but that
 * delay. So the contract of stores does not test it; a store's own tests do.
 */
public interface FeedHints {
    /**
     * Calls a listener soon after any node recorded something, and whenever hints may have been lost.
     *
     * @param listener must neither block nor throw; called on a thread of the store
     * @return ends the listening
     */
    AutoCloseable hints(Runnable listener);
}
