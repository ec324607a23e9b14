package dev.curfew.jdbc.audit;

import dev.curfew.session.CurfewException;

/**
 * The audit trail is not what the chain says, or the key is not the one of the chain; nothing was written or removed.
 */
public final class AuditChainException extends CurfewException {
    private static final long serialVersionUID = 1L;

    AuditChainException(String message) {
        super(message, null);
    }
}
