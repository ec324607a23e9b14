package dev.curfew.store;

/**
 * What one call of {@link SubjectErasure#erase} removed. Immutable.
 *
 * @param removed how many sessions went
 * @param hasMore whether another call may remove more
 */
public record ErasedRows(int removed, boolean hasMore) {}
