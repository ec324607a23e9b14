package dev.curfew.redis.server;

import dev.curfew.redis.RedisSessionStore;

/** What {@link RedisSessionStore#open} does about servers that may lose or evict revocations. */
public enum ServerCheck {
    /** A line in the log. */
    WARN,
    /** {@link UnsafeServerException}; also if the server tells its settings neither by CONFIG nor by INFO. */
    REFUSE,
    /** Nothing is asked. */
    NONE
}
