package dev.curfew.audit;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * One line of the audit trail: an event in words, as every sink writes it. Immutable.
 *
 * <p>No field holds a token or a secret. Values are as they came; a sink that writes text neutralises what could break
 * a line.
 *
 * @param id stable, so that whoever keeps records can drop duplicates
 * @param at when it happened, to the millisecond
 * @param event its name in the OWASP logging vocabulary, for example {@code session_created}
 * @param result how it went
 * @param fields who, what, why and from where, as far as the event knows; none is empty
 */
public record AuditRecord(String id, Instant at, String event, Result result, Map<Field, String> fields) {
    /** How it went. */
    public enum Result {
        /** It was done. */
        SUCCESS,
        /** Somebody was refused. */
        DENIED,
        /** It could not be done. */
        FAILURE
    }

    /** What a record may say, in the order in which it is written. */
    public enum Field {
        /** The namespace of the subject. */
        REALM,
        /** Whose session or token, in clear or as a pseudonym. */
        SUBJECT,
        /** The public handle of the session. */
        SESSION,
        /** The kind of what was to be revoked. */
        TARGET,
        /** The lookup key of what was to be revoked, which is a hash. */
        KEY,
        /** Why. */
        REASON,
        /** The kind of who did it. */
        ACTOR,
        /** Who did it, in the host's words. */
        ACTOR_ID,
        /** The coarse label of the device. */
        DEVICE,
        /** How many: of sessions ended, or of identical events that this record stands for. */
        COUNT,
        /** Whether a check that nobody could answer let the token pass. */
        ALLOWED,
        /** From where, as the host trusts it. */
        ADDRESS,
        /** The name of the request in the host's own logs. */
        CORRELATION;

        /**
         * The name in a line or a column.
         *
         * @return in lower case
         */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Copies the fields, in their order. */
    public AuditRecord {
        Objects.requireNonNull(id, "id");
        at = Instant.ofEpochMilli(at.toEpochMilli());
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(result, "result");
        Map<Field, String> copy = new EnumMap<>(Field.class);
        fields.forEach((field, value) -> {
            if (!value.isEmpty()) {
                copy.put(field, value);
            }
        });
        fields = Collections.unmodifiableMap(copy);
    }
}
