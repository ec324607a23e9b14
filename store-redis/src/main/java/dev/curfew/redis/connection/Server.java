package dev.curfew.redis.connection;

/**
 * How the servers are spoken to. Immutable.
 *
 * @param port to them
 * @param calls the bound of each call
 * @param clock theirs
 * @param replicas how many must have what is written durably
 */
public record Server(RedisPort port, BoundedCalls calls, ServerClock clock, int replicas) {}
