package dev.curfew.redis.connection;

import io.lettuce.core.RedisException;

/**
 * The server is a replica, or cannot say that it is none: what it answers may be old. Asking again may reach another
 * server.
 */
final class NotPrimaryException extends RedisException {
    private static final long serialVersionUID = 1L;

    NotPrimaryException(String message) {
        super(message);
    }
}
