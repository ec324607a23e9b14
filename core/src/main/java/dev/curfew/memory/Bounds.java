package dev.curfew.memory;

/**
 * How much a store in memory may hold. Immutable.
 *
 * @param sessions the most rows
 * @param revocations from how many entries on coarser targets are revoked
 * @param revocationsOfSubject from how many entries on a subject is revoked as a whole
 */
record Bounds(int sessions, int revocations, int revocationsOfSubject) {}
