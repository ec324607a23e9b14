package dev.curfew.memory;

/**
 * How much a store in memory may hold. Immutable.
 *
 * @param sessions the most rows
 * @param revocations from how many entries on coarser targets are revoked
 */
record Bounds(int sessions, int revocations) {}
