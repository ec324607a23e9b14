package dev.curfew.jdbc.audit;

import java.time.Instant;

/**
 * The place of a record among those that a query finds, the newest first. Immutable.
 *
 * @param at when it happened
 * @param number of the row, which decides among those of the same instant
 */
public record AuditCursor(Instant at, long number) {}
