package dev.curfew.audit;

import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.audit.AuditRecord.Result;
import dev.curfew.event.RequestContext;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.RefreshDenied;
import dev.curfew.event.SessionEvent.RefreshReplayed;
import dev.curfew.event.SessionEvent.RefreshTokenReused;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.event.SessionEvent.RevocationReceived;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionCredentialRenewed;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.event.SessionEvent.SessionExpired;
import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.event.SessionEvent.UpstreamSignalReceived;
import dev.curfew.event.SessionEventVisitor;
import dev.curfew.revocation.RevocationReason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says each event in the words of the OWASP logging vocabulary; the one place where anything is named. Thread-safe. */
final class AuditVocabulary implements SessionEventVisitor<@Nullable AuditDraft> {
    private final @Nullable SubjectPseudonyms pseudonyms;

    /**
     * Makes the vocabulary.
     *
     * @param pseudonyms for subjects, or null to name them in clear
     */
    AuditVocabulary(@Nullable SubjectPseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    /** The record of an event, or nothing if another node writes it down. */
    Optional<AuditRecord> describe(SessionEvent event, RequestContext context) {
        AuditDraft draft = event.accept(this);
        if (draft == null) {
            return Optional.empty();
        }
        context.address().ifPresent(address -> draft.with(Field.ADDRESS, address));
        context.correlationId().ifPresent(id -> draft.with(Field.CORRELATION, id));
        return Optional.of(draft.record(event.id(), event.at()));
    }

    @Override
    public AuditDraft created(SessionCreated event) {
        return draft("session_created", Result.SUCCESS)
                .subject(event.session().subject())
                .session(event.session().handle())
                .with(Field.DEVICE, event.session().device().label());
    }

    @Override
    public AuditDraft renewed(SessionRenewed event) {
        return draft("session_renewed", Result.SUCCESS).subject(event.subject()).session(event.session());
    }

    @Override
    public AuditDraft expired(SessionExpired event) {
        return draft("session_expired", Result.SUCCESS)
                .subject(event.subject())
                .session(event.session())
                .with(Field.REASON, event.proven() ? "expired" : "expired_or_forgotten");
    }

    @Override
    public AuditDraft ended(SessionEnded event) {
        boolean isLogout = event.by().reason() == RevocationReason.USER_LOGOUT;
        return draft(isLogout ? "session_logout" : "session_revoked", Result.SUCCESS)
                .subject(event.subject())
                .session(event.session())
                .because(event.by().reason(), event.by().actor());
    }

    @Override
    public AuditDraft loginRefused(LoginRefused event) {
        boolean isLimit = event.refusal() == LoginRefusal.LIMIT_REACHED;
        return draft(isLimit ? "excess_sessions_exceeded" : "login_overtaken", Result.DENIED)
                .subject(event.subject());
    }

    @Override
    public AuditDraft recorded(RevocationRecorded event) {
        AuditDraft draft = draft("revocation_recorded", Result.SUCCESS)
                .target(event.target())
                .subject(event.subject())
                .session(event.session())
                .because(event.entry().reason(), event.entry().actor());
        event.count().ifPresent(count -> draft.with(Field.COUNT, Long.toString(count)));
        return draft;
    }

    /** The node that recorded it writes it down. */
    @Override
    public @Nullable AuditDraft received(RevocationReceived event) {
        return null;
    }

    @Override
    public AuditDraft denied(RevocationDenied event) {
        return draft("authz_fail", Result.DENIED)
                .subject(event.caller())
                .target(event.target())
                .with(Field.REASON, event.denial());
    }

    @Override
    public AuditDraft failed(RevocationFailed event) {
        return draft("revocation_failed", Result.FAILURE)
                .target(event.target())
                .subject(event.subject())
                .because(event.reason(), event.actor());
    }

    @Override
    public AuditDraft revokedTokenUsed(RevokedTokenUsed event) {
        return draft("session_use_after_expire", Result.DENIED)
                .subject(event.subject())
                .session(event.session())
                .with(Field.REASON, event.by());
    }

    @Override
    public AuditDraft unanswered(CheckUnanswered event) {
        return draft("revocation_check_unanswered", Result.FAILURE)
                .with(Field.ALLOWED, Boolean.toString(event.allowed()));
    }

    @Override
    public AuditDraft refreshTokenReused(RefreshTokenReused event) {
        return draft("refresh_token_reused", Result.DENIED)
                .subject(event.subject())
                .session(event.session())
                .with(Field.COUNT, Integer.toString(event.generation()));
    }

    @Override
    public AuditDraft refreshReplayed(RefreshReplayed event) {
        return draft("refresh_replayed", Result.SUCCESS)
                .subject(event.subject())
                .session(event.session());
    }

    @Override
    public AuditDraft refreshDenied(RefreshDenied event) {
        return draft("refresh_denied", Result.DENIED)
                .subject(event.subject())
                .session(event.session())
                .with(Field.REASON, event.why());
    }

    @Override
    public AuditDraft credentialRenewed(SessionCredentialRenewed event) {
        return draft("session_credential_renewed", Result.SUCCESS)
                .subject(event.subject())
                .session(event.session());
    }

    @Override
    public AuditDraft suspicion(SuspicionRaised event) {
        return draft("suspicious_activity", Result.DENIED)
                .subject(event.subject())
                .with(Field.REASON, event.kind())
                .with(Field.COUNT, Integer.toString(event.count()));
    }

    @Override
    public AuditDraft upstreamSignal(UpstreamSignalReceived event) {
        AuditDraft draft = switch (event.result()) {
            case ENDED -> draft("upstream_signal_received", Result.SUCCESS);
            case REPEATED -> draft("upstream_signal_repeated", Result.SUCCESS);
            case IGNORED -> draft("upstream_signal_ignored", Result.DENIED);
            case FAILED -> draft("upstream_signal_failed", Result.FAILURE);
        };
        return draft.with(Field.REALM, event.realm().name())
                .with(Field.TARGET, event.target())
                .because(event.reason(), event.actor());
    }

    private AuditDraft draft(String event, Result result) {
        return new AuditDraft(event, result, pseudonyms);
    }
}
