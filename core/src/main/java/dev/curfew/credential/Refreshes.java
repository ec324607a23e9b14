package dev.curfew.credential;

import dev.curfew.credential.HeldCredential.Standing;
import dev.curfew.crypto.SecretToken;
import dev.curfew.meter.Meter;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult;
import dev.curfew.refresh.RefreshResult.Conflict;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.refresh.RefreshResult.Refused;
import dev.curfew.refresh.RefreshResult.Reused;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.Session;
import dev.curfew.store.Rotation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Exchanges refresh tokens, and ends the session of one that was exchanged before. Thread-safe. */
public final class Refreshes {
    /** A tab that lost the race finds the winner's token after this long. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final CredentialReader reader;
    private final Exchanges exchanges;
    private final LivenessCheck liveness;
    private final RefreshPolicy policy;
    private final RefreshEvents events;
    private final Consumer<Session> reuse;
    private final Clock clock;

    /**
     * Makes the exchange.
     *
     * @param reuse ends a session whose token was used twice; throws if that is not known to have happened
     */
    public Refreshes(
            CredentialReader reader,
            Exchanges exchanges,
            LivenessCheck liveness,
            RefreshPolicy policy,
            RefreshEvents events,
            Consumer<Session> reuse,
            Clock clock) {
        this.reader = reader;
        this.exchanges = exchanges;
        this.liveness = liveness;
        this.policy = policy;
        this.events = events;
        this.reuse = reuse;
        this.clock = clock;
    }

    /** Two round trips, three if it ends the session, none for what is no token. */
    public RefreshResult refresh(RefreshRequest request) {
        return events.told(answer(request));
    }

    public RefreshPolicy policy() {
        return policy;
    }

    public List<Meter> meters() {
        return events.meters();
    }

    private RefreshResult answer(RefreshRequest request) {
        SecretToken token = SecretToken.parse(request.token()).orElse(null);
        if (token == null) {
            return Refused.because(CredentialRefusal.MALFORMED);
        }
        Instant now = clock.instant();
        HeldCredential held = reader.find(request.realm(), token, now).orElse(null);
        // Who holds no secret of the session learns nothing of it.
        if (held == null || held.standing(token) == Standing.STRANGE) {
            return Refused.because(CredentialRefusal.INVALID);
        }
        return refresh(request, token, held, reader.session(request.realm(), held), now);
    }

    private RefreshResult refresh(
            RefreshRequest request, SecretToken token, HeldCredential held, Session session, Instant now) {
        Optional<Refused> refused = RefreshChecks.mismatch(request, token, session)
                .map(Refused::because)
                .or(() -> liveness.ended(session, held, now).map(Refreshes::refused));
        if (refused.isPresent()) {
            RefreshResult told = denied(refused.get(), session, now);
            // Whoever has an old token, or has made one of its family, is told no more than a stranger.
            return held.standing(token) == Standing.OLDER ? Refused.because(CredentialRefusal.INVALID) : told;
        }
        Exchanges.Wish wish = new Exchanges.Wish(
                request.realm(),
                token,
                false,
                request.attempt().orElse(null),
                rule(request, held),
                rotation -> beside(rotation, now));
        Exchange exchange = exchanges.exchange(wish, held, now);
        if (exchange instanceof Exchange.Exchanged exchanged) {
            return refreshed(request, session, exchanged, now);
        }
        if (exchange instanceof Exchange.Superseded superseded) {
            return superseded(session, superseded, now);
        }
        return denied(refusal(exchange, now), session, now);
    }

    private RefreshResult refreshed(
            RefreshRequest request, Session session, Exchange.Exchanged exchanged, Instant now) {
        if (exchanged.isReplay()) {
            events.replayed(session, now);
        }
        return new Refreshed(
                session,
                exchanged.next(),
                exchanged.isReplay(),
                request.scopes().orElseGet(session::scopes),
                session.senderKey().or(request::sender),
                session.expiresAt());
    }

    private RefreshResult superseded(Session session, Exchange.Superseded superseded, Instant now) {
        if (superseded.isTolerated()) {
            return new Conflict(LOOK_AGAIN);
        }
        if (superseded.isByRenewal()) {
            return denied(Refused.because(CredentialRefusal.SUPERSEDED), session, now);
        }
        // Told before: whether the session ends may stay unknown, and the next try finds it ended.
        events.reused(session, superseded.held(), now);
        reuse.accept(session);
        return new Reused(session, superseded.generationsBehind());
    }

    private RefreshResult denied(Refused refused, Session session, Instant now) {
        events.denied(session, refused.why(), now);
        return refused;
    }

    private static Refused refusal(Exchange exchange, Instant now) {
        if (exchange instanceof Exchange.Over over) {
            return refused(LivenessCheck.why(over.found(), now));
        }
        if (exchange instanceof Exchange.Refused refused) {
            return Refused.because(refused.why());
        }
        throw new IllegalStateException("a refresh exchanges the secret alone, which nothing else overtakes");
    }

    private static Refused refused(LivenessCheck.Ended ended) {
        return new Refused(ended.why(), ended.reason());
    }

    private RetryRule rule(RefreshRequest request, HeldCredential held) {
        if (request.attempt().isPresent()) {
            return policy.keyed();
        }
        RetryRule ofLogin = held.state().keyless();
        return ofLogin == null ? policy.keyless() : ofLogin;
    }

    /** No notice: no node keeps the secret of a refresh token. */
    private Rotation beside(Rotation rotation, Instant now) {
        return policy.isActivity() ? rotation.seenAt(now) : rotation;
    }
}
