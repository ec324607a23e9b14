package dev.curfew.redis.connection;

/** A script as a server must know it. Immutable. */
public interface Script {
    byte[] text();

    /** {@return the name under which a server knows the text} */
    String digest();

    /**
     * Whether what it answers is believed although it writes nothing: a replica, which refuses to write, must not
     * answer it.
     */
    boolean needsPrimary();
}
