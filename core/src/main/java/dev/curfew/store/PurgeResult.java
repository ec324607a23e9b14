package dev.curfew.store;

/**
 * What a purge removed. Immutable.
 *
 * @param sessions rows of sessions that ended long enough ago
 * @param revocations entries that were forgotten or superseded long enough ago
 * @param hasMore whether the limit was reached before the end
 */
public record PurgeResult(int sessions, int revocations, boolean hasMore) {}
