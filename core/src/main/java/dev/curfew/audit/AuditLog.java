package dev.curfew.audit;

import dev.curfew.audit.AuditRecord.Result;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each record as one line of key/value pairs to the logger {@code dev.curfew.audit}, what was done at INFO and
 * everything else at WARN. Thread-safe.
 *
 * <p>Values are quoted where needed; whatever could break or reorder a line is replaced and long values are cut, so
 * that one record is one line. No line holds a token or a secret.
 */
public final class AuditLog implements AuditSink {
    /** The name of the logger. */
    public static final String LOGGER = "dev.curfew.audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    /** Makes an audit log. */
    public AuditLog() {}

    @Override
    public void write(List<AuditRecord> records) {
        for (AuditRecord record : records) {
            if (record.result() == Result.SUCCESS) {
                LOG.info("{}", AuditLine.of(record));
            } else {
                LOG.warn("{}", AuditLine.of(record));
            }
        }
    }
}
