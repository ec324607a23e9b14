package dev.curfew.jdbc.audit;

import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.session.LookupKey;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By what a row of the audit trail is found, or searched for: hashes of whole names, in hexadecimal. Immutable.
 *
 * @param realm null without one
 * @param subject in its realm, null without one
 * @param session null without one
 */
record AuditKeys(
        @Nullable String realm,
        @Nullable String subject,
        @Nullable String session) {
    static final AuditKeys NONE = new AuditKeys(null, null, null);

    static AuditKeys of(Map<Field, String> fields) {
        String realm = fields.get(Field.REALM);
        String subject = fields.get(Field.SUBJECT);
        String session = fields.get(Field.SESSION);
        return new AuditKeys(
                realm == null ? null : realmKey(realm),
                subject == null ? null : subjectKey(realm == null ? "" : realm, subject),
                session == null ? null : sessionKey(session));
    }

    static String realmKey(String realm) {
        return key("audit-realm", realm);
    }

    static String subjectKey(String realm, String subject) {
        return key("audit-subject", realm, subject);
    }

    static String sessionKey(String session) {
        return key("audit-session", session);
    }

    private static String key(String kind, String... parts) {
        return LookupKey.of(
                        kind, Arrays.stream(parts).map(AuditText::wellFormed).toArray(String[]::new))
                .toString();
    }
}
