package dev.curfew.memory;

/**
 * How much a store in memory may hold. Immutable.
 *
 * @param sessions the most rows
 * @param revocations from how many entries on coarser targets are revoked
 * @param recordBytes the most bytes of all shared records
 */
record Bounds(int sessions, int revocations, long recordBytes) {}
