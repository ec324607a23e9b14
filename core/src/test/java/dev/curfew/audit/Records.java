package dev.curfew.audit;

import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.Denial;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.List;

/** Events that tests of the audit trail begin with, and what is to be read off their records. */
public final class Records {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private Records() {}

    static SubjectId subject(String name) {
        return new SubjectId(Realm.of("shop"), name);
    }

    /** Somebody tried to revoke what is not theirs. */
    static SessionEvent denied(int number, String subject) {
        return new RevocationDenied(
                "denied-" + number,
                NOW.plusMillis(number),
                subject(subject),
                RevocationTarget.subject(subject("other-" + number)),
                Denial.NOT_OWNED);
    }

    /** What must be known. */
    public static SessionEvent important(int number) {
        return new RevocationFailed(
                "failed-" + number,
                NOW.plusMillis(number),
                RevocationTarget.realm(Realm.of("shop")),
                null,
                RevocationReason.POLICY,
                Actor.system());
    }

    static List<String> ids(List<AuditRecord> records) {
        return records.stream().map(AuditRecord::id).toList();
    }

    static String field(AuditRecord record, Field field) {
        return record.fields().getOrDefault(field, "");
    }
}
