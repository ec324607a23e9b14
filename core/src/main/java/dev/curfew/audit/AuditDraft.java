package dev.curfew.audit;

import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.audit.AuditRecord.Result;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the fields of one audit record. Confined to one thread.
 *
 * <p>With pseudonyms, the lookup key of a subject is replaced wherever it stands, in the record's id too: it is a bare
 * hash of the name, and whoever guesses the name would find it.
 */
final class AuditDraft {
    private final String event;
    private final Result result;
    private final @Nullable SubjectPseudonyms pseudonyms;
    private final Map<Field, String> fields = new EnumMap<>(Field.class);
    private @Nullable RevocationTarget target;
    private @Nullable LookupKey subjectKey;

    AuditDraft(String event, Result result, @Nullable SubjectPseudonyms pseudonyms) {
        this.event = event;
        this.result = result;
        this.pseudonyms = pseudonyms;
    }

    AuditDraft with(Field field, String value) {
        fields.put(field, value);
        return this;
    }

    AuditDraft with(Field field, Enum<?> value) {
        return with(field, value.name().toLowerCase(Locale.ROOT));
    }

    AuditDraft subject(@Nullable SubjectId subject) {
        this.subjectKey = subject == null || pseudonyms == null ? null : subject.key();
        return subject == null
                ? this
                : with(Field.REALM, subject.realm().name())
                        .with(Field.SUBJECT, pseudonyms == null ? subject.value() : pseudonyms.of(subject));
    }

    /** A foreign handle is somebody else's claim, and so its text is a hash. */
    AuditDraft session(@Nullable SessionHandle session) {
        return session == null ? this : with(Field.SESSION, session.toString());
    }

    AuditDraft target(RevocationTarget newTarget) {
        this.target = newTarget;
        return with(Field.TARGET, newTarget.kind()).with(Field.KEY, shown(newTarget));
    }

    /** An administrator or a rule stays in clear: to name who acted is what an audit trail is for. */
    AuditDraft because(RevocationReason reason, Actor actor) {
        return with(Field.REASON, reason).with(Field.ACTOR, actor.kind()).with(Field.ACTOR_ID, actor.id());
    }

    AuditRecord record(String id, Instant at) {
        String shownId = target == null ? id : id.replace(target.key().toString(), shown(target));
        if (subjectKey != null && pseudonyms != null) {
            shownId = shownId.replace(subjectKey.toString(), pseudonyms.of(subjectKey));
        }
        return new AuditRecord(shownId, at, event, result, fields);
    }

    private String shown(RevocationTarget named) {
        return pseudonyms == null || named.kind() != RevocationTarget.Kind.SUBJECT
                ? named.key().toString()
                : pseudonyms.of(named.key());
    }
}
