package dev.curfew.redis;

/** What {@link RedisSessionStore#open} does about servers that may lose or evict revocations. */
public enum ServerCheck {
    /** A line in the log. */
    WARN,
    /** {@link UnsafeServerException}; also if the server does not tell its settings. */
    REFUSE,
    /** Nothing is asked. */
    NONE
}
