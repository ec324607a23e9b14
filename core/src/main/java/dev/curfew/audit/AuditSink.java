package dev.curfew.audit;

import java.util.List;

/**
 * Keeps audit records: a log, a table, a queue. Implementations are used by one thread at a time.
 *
 * <p>A sink runs on a thread of its own behind a bounded queue, so that one that fails or hangs delays neither a
 * revocation nor another sink. What it throws is reported and the records are offered again, a bounded number of times.
 */
@FunctionalInterface
public interface AuditSink {
    /**
     * Writes records, in order. Writing one that stands there already must change nothing if the sink can tell; {@link
     * AuditRecord#id()} is the same each time.
     *
     * @param records at least one, at most 500
     */
    void write(List<AuditRecord> records);
}
