package dev.curfew.event;

import dev.curfew.event.SessionEvent.CheckUnanswered;
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
import dev.curfew.event.SessionEvent.SignalResult;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.event.SessionEvent.UpstreamSignalReceived;
import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.RevocationReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what happened, as far as it is found out. Thread-safe. */
final class EventMeters {
    private final SessionCounts sessions = new SessionCounts();
    private final RevocationCounts revocations = new RevocationCounts();
    private final Counts<RevocationReason> used = new Counts<>(RevocationReason.class);
    private final Counts<SuspicionKind> suspicions = new Counts<>(SuspicionKind.class);
    private final Counts<SignalResult> signals = new Counts<>(SignalResult.class);
    private final Counting counting = new Counting();

    void count(SessionEvent event) {
        event.accept(counting);
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(sessions.meters());
        meters.addAll(revocations.meters());
        meters.addAll(
                used.meters("curfew.tokens.revoked.used", "uses of revoked tokens, one a minute for each", "reason"));
        meters.addAll(suspicions.meters("curfew.suspicions", "episodes of suspicious activity", "kind"));
        meters.addAll(signals.meters(
                "curfew.upstream.signals", "messages of identity providers about what has ended", "result"));
        return meters;
    }

    private final class Counting implements SessionEventVisitor<@Nullable Void> {
        @Override
        public @Nullable Void created(SessionCreated event) {
            sessions.created.increment();
            return null;
        }

        @Override
        public @Nullable Void renewed(SessionRenewed event) {
            sessions.renewed.increment();
            return null;
        }

        @Override
        public @Nullable Void expired(SessionExpired event) {
            sessions.expired.increment();
            return null;
        }

        @Override
        public @Nullable Void ended(SessionEnded event) {
            sessions.ended.increment(event.by().reason());
            return null;
        }

        @Override
        public @Nullable Void loginRefused(LoginRefused event) {
            sessions.refused.increment(event.refusal());
            return null;
        }

        @Override
        public @Nullable Void recorded(RevocationRecorded event) {
            revocations.recorded(event.target().kind(), event.entry().reason());
            return null;
        }

        @Override
        public @Nullable Void received(RevocationReceived event) {
            revocations.received.increment(event.entry().reason());
            return null;
        }

        @Override
        public @Nullable Void denied(RevocationDenied event) {
            revocations.denied.increment(event.denial());
            return null;
        }

        @Override
        public @Nullable Void failed(RevocationFailed event) {
            revocations.failed.increment();
            return null;
        }

        @Override
        public @Nullable Void revokedTokenUsed(RevokedTokenUsed event) {
            used.increment(event.by());
            return null;
        }

        /** The checker counts these. */
        @Override
        public @Nullable Void unanswered(CheckUnanswered event) {
            return null;
        }

        /** Refreshes are counted where they are answered. */
        @Override
        public @Nullable Void refreshTokenReused(RefreshTokenReused event) {
            return null;
        }

        @Override
        public @Nullable Void refreshReplayed(RefreshReplayed event) {
            return null;
        }

        @Override
        public @Nullable Void refreshDenied(RefreshDenied event) {
            return null;
        }

        @Override
        public @Nullable Void credentialRenewed(SessionCredentialRenewed event) {
            sessions.exchanged.increment();
            return null;
        }

        @Override
        public @Nullable Void suspicion(SuspicionRaised event) {
            suspicions.increment(event.kind());
            return null;
        }

        @Override
        public @Nullable Void upstreamSignal(UpstreamSignalReceived event) {
            signals.increment(event.result());
            return null;
        }
    }
}
