package dev.curfew.audit;

import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.audit.AuditRecord.Result;
import dev.curfew.event.RequestContext;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.event.SessionEvent.SessionExpired;
import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.revocation.RevocationReason;
import org.jspecify.annotations.Nullable;

/** Says each event in the words of the OWASP logging vocabulary; the one place where anything is named. Thread-safe. */
final class AuditVocabulary {
    private final @Nullable SubjectPseudonyms pseudonyms;

    /**
     * Makes the vocabulary.
     *
     * @param pseudonyms for subjects, or null to name them in clear
     */
    AuditVocabulary(@Nullable SubjectPseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    AuditRecord describe(SessionEvent event, RequestContext context) {
        AuditDraft draft = describe(event);
        context.address().ifPresent(address -> draft.with(Field.ADDRESS, address));
        context.correlationId().ifPresent(id -> draft.with(Field.CORRELATION, id));
        return draft.record(event.id(), event.at());
    }

    private AuditDraft describe(SessionEvent event) {
        if (event instanceof SessionCreated created) {
            return draft("session_created", Result.SUCCESS)
                    .subject(created.session().subject())
                    .session(created.session().handle())
                    .with(Field.DEVICE, created.session().device().label());
        }
        if (event instanceof SessionRenewed renewed) {
            return draft("session_renewed", Result.SUCCESS)
                    .subject(renewed.subject())
                    .session(renewed.session());
        }
        if (event instanceof SessionExpired expired) {
            return draft("session_expired", Result.SUCCESS)
                    .subject(expired.subject())
                    .session(expired.session())
                    .with(Field.REASON, expired.proven() ? "expired" : "expired_or_forgotten");
        }
        if (event instanceof LoginRefused refused) {
            boolean isLimit = refused.refusal() == LoginRefusal.LIMIT_REACHED;
            return draft(isLimit ? "excess_sessions_exceeded" : "login_overtaken", Result.DENIED)
                    .subject(refused.subject());
        }
        if (event instanceof RevocationRecorded recorded) {
            AuditDraft draft = draft("revocation_recorded", Result.SUCCESS)
                    .target(recorded.target())
                    .subject(recorded.subject())
                    .session(recorded.session())
                    .because(recorded.entry().reason(), recorded.entry().actor());
            recorded.count().ifPresent(count -> draft.with(Field.COUNT, Long.toString(count)));
            return draft;
        }
        if (event instanceof SessionEnded ended) {
            boolean isLogout = ended.by().reason() == RevocationReason.USER_LOGOUT;
            return draft(isLogout ? "session_logout" : "session_revoked", Result.SUCCESS)
                    .subject(ended.subject())
                    .session(ended.session())
                    .because(ended.by().reason(), ended.by().actor());
        }
        return describeRefusal(event);
    }

    private AuditDraft describeRefusal(SessionEvent event) {
        if (event instanceof RevocationDenied denied) {
            return draft("authz_fail", Result.DENIED)
                    .subject(denied.caller())
                    .target(denied.target())
                    .with(Field.REASON, denied.denial());
        }
        if (event instanceof RevocationFailed failed) {
            return draft("revocation_failed", Result.FAILURE)
                    .target(failed.target())
                    .subject(failed.subject())
                    .because(failed.reason(), failed.actor());
        }
        if (event instanceof RevokedTokenUsed used) {
            return draft("session_use_after_expire", Result.DENIED)
                    .subject(used.subject())
                    .session(used.session())
                    .with(Field.REASON, used.by());
        }
        if (event instanceof SuspicionRaised raised) {
            return draft("suspicious_activity", Result.DENIED)
                    .subject(raised.subject())
                    .with(Field.REASON, raised.kind())
                    .with(Field.COUNT, Integer.toString(raised.count()));
        }
        CheckUnanswered unanswered = (CheckUnanswered) event;
        return draft("revocation_check_unanswered", Result.FAILURE)
                .with(Field.ALLOWED, Boolean.toString(unanswered.allowed()));
    }

    private AuditDraft draft(String event, Result result) {
        return new AuditDraft(event, result, pseudonyms);
    }
}
