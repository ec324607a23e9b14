package dev.curfew.credential;

import dev.curfew.atrest.SessionRows;
import dev.curfew.credential.HeldCredential.Standing;
import dev.curfew.crypto.SecretToken;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.SessionCredentialRenewed;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.RenewResult;
import dev.curfew.token.RenewResult.Refused;
import dev.curfew.token.RenewResult.Renewed;
import dev.curfew.token.SessionRenewal;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Exchanges the secret of a session because what the session may do changes. Thread-safe. */
public final class Renewals {
    /** How often something else may change in the row between reading and writing it. */
    private static final int TRIES = 5;

    private final CredentialReader reader;
    private final Exchanges exchanges;
    private final LivenessCheck liveness;
    private final SessionRows rows;
    private final EventPublisher events;
    private final Clock clock;

    public Renewals(
            CredentialReader reader,
            Exchanges exchanges,
            LivenessCheck liveness,
            SessionRows rows,
            EventPublisher events,
            Clock clock) {
        this.reader = reader;
        this.exchanges = exchanges;
        this.liveness = liveness;
        this.rows = rows;
        this.events = events;
        this.clock = clock;
    }

    /** Two round trips, none for what is no token. */
    public RenewResult renew(Realm realm, String text, SessionRenewal renewal) {
        SecretToken token = SecretToken.parse(text).orElse(null);
        if (token == null) {
            return Refused.because(CredentialRefusal.MALFORMED);
        }
        Instant now = clock.instant();
        for (int tries = 0; tries < TRIES; tries++) {
            RenewResult result = attempt(realm, token, renewal, now).orElse(null);
            if (result != null) {
                return result;
            }
        }
        throw new StoreUnavailableException("renew: the session is changed by others all the time", null);
    }

    /** Nothing if the row has changed meanwhile. */
    private Optional<RenewResult> attempt(Realm realm, SecretToken token, SessionRenewal renewal, Instant now) {
        HeldCredential held = reader.find(realm, token, now).orElse(null);
        if (held == null || held.standing(token) == Standing.STRANGE || held.standing(token) == Standing.OLDER) {
            return Optional.of(Refused.because(CredentialRefusal.INVALID));
        }
        Session session = reader.session(realm, held);
        Optional<CredentialRefusal> mismatch = mismatch(token, renewal, session);
        if (mismatch.isPresent()) {
            return mismatch.map(Refused::because);
        }
        return liveness.ended(session, held, now)
                .<RenewResult>map(Renewals::refused)
                .or(() -> exchange(token, held, session, renewal, now));
    }

    /** A token is good for its sender only, and a refresh token for its client, whatever it is exchanged for. */
    private static Optional<CredentialRefusal> mismatch(SecretToken token, SessionRenewal renewal, Session session) {
        return RefreshChecks.bearer(
                token.kind() == CredentialKind.REFRESH_TOKEN ? renewal.client() : session.client(),
                renewal.sender(),
                session);
    }

    private Optional<RenewResult> exchange(
            SecretToken token, HeldCredential held, Session session, SessionRenewal renewal, Instant now) {
        Session renewed = renewed(session, renewal, now);
        Exchanges.Wish wish = new Exchanges.Wish(
                session.subject().realm(),
                token,
                true,
                renewal.attempt().orElse(null),
                rule(renewal),
                rotation -> rotation.withPayload(held.row().payload(), rows.toPayload(renewed))
                        .seenAt(now)
                        .withNotice());
        Exchange exchange = exchanges.exchange(wish, held, now);
        if (exchange instanceof Exchange.Overtaken) {
            return Optional.empty();
        }
        if (exchange instanceof Exchange.Exchanged exchanged) {
            if (!exchanged.isReplay()) {
                events.publish(new SessionCredentialRenewed(
                        UUID.randomUUID().toString(), now, session.subject(), session.handle()));
            }
            return Optional.of(
                    new Renewed(exchanged.isReplay() ? session : renewed, exchanged.next(), exchanged.isReplay()));
        }
        return Optional.of(refused(exchange, now));
    }

    /** A tab that refreshes at the same instant looks again in place of signing in; nothing is answered for it. */
    private static RetryRule rule(SessionRenewal renewal) {
        RetryRule rule = renewal.attempt().isPresent() ? RetryRule.sameAttempt() : RetryRule.strict();
        return rule.orSiblings(RetryRule.LONGEST_TOLERANCE);
    }

    private static Session renewed(Session session, SessionRenewal renewal, Instant now) {
        Session.Builder changed = session.toBuilder();
        renewal.attributes().ifPresent(changed::attributes);
        renewal.evidence().ifPresent(changed::evidence);
        return now.isAfter(session.lastSeenAt()) ? changed.lastSeenAt(now).build() : changed.build();
    }

    /** Who was overtaken by a sibling's renewal tries again with the new token; nothing ends for it. */
    private static Refused refused(Exchange exchange, Instant now) {
        if (exchange instanceof Exchange.Superseded) {
            return Refused.because(CredentialRefusal.SUPERSEDED);
        }
        if (exchange instanceof Exchange.Over over) {
            return refused(LivenessCheck.why(over.found(), now));
        }
        return Refused.because(
                exchange instanceof Exchange.Refused refused ? refused.why() : CredentialRefusal.INVALID);
    }

    private static Refused refused(LivenessCheck.Ended ended) {
        return new Refused(ended.why(), ended.reason());
    }
}
