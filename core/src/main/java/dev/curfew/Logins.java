package dev.curfew;

import dev.curfew.atrest.FirstCredential;
import dev.curfew.crypto.SecretToken;
import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.node.NewSessions;
import dev.curfew.node.NewSessions.Insertion;
import dev.curfew.revocation.LoginOrder;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Evidence;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.SessionStore;
import dev.curfew.token.VerifiedToken;
import dev.curfew.upstream.Link;
import dev.curfew.upstream.Links;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How sessions begin: by a login here, or by adoption from a foreign issuer. Thread-safe. */
final class Logins {
    private final SessionStore store;
    private final NewSessions sessions;
    private final AcceptedTokens accepted;
    private final SealedLogins sealedLogins;
    private final LoginRules rules;
    private final UpstreamRealms realms;

    /** Null if the store keeps no shared records. */
    private final @Nullable Links links;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private volatile boolean isClosed;

    Logins(
            SessionStore store,
            NewSessions sessions,
            AcceptedTokens accepted,
            SealedLogins sealedLogins,
            LoginRules rules,
            UpstreamRealms realms,
            @Nullable Links links,
            Clock clock) {
        this.store = store;
        this.sessions = sessions;
        this.accepted = accepted;
        this.sealedLogins = sealedLogins;
        this.rules = rules;
        this.realms = realms;
        this.links = links;
        this.clock = clock;
    }

    /** Begins no session any more, because nobody would be told of it. */
    void close() {
        isClosed = true;
    }

    private void requireOpen() {
        if (isClosed) {
            throw new ServiceClosedException();
        }
    }

    LoginRules rules() {
        return rules;
    }

    LoginAttempt begin(SubjectId subject) {
        requireOpen();
        accepted.requireKnown(subject.realm());
        Instant clockReading = clock.instant();
        Instant newestCutOff = store.newestCutOff(subject, clockReading);
        Instant authenticatedAt = LoginOrder.authenticatedAt(clockReading, newestCutOff);
        return new LoginAttempt(this, authenticatedAt, subject, LoginTerms.NONE);
    }

    LoginAttempt begin() {
        requireOpen();
        Instant authenticatedAt = LoginOrder.authenticatedAt(clock.instant(), Instant.EPOCH);
        return new LoginAttempt(this, authenticatedAt, null, LoginTerms.NONE);
    }

    String seal(LoginAttempt attempt) {
        return sealedLogins.seal(attempt, clock.instant());
    }

    Optional<LoginAttempt> resume(String sealed) {
        return sealedLogins.open(sealed, this, clock.instant());
    }

    LoginResult complete(LoginAttempt attempt, SubjectId subject, DeviceInfo device) {
        requireOpen();
        accepted.requireKnown(subject.realm());
        Instant now = clock.instant();
        SessionId id = SessionId.mint(subject, attempt.authenticatedAt(), random);
        LoginTerms terms = attempt.terms();
        Session session = session(attempt, sessions.draft(subject, id, attempt.authenticatedAt(), now))
                .device(device)
                .build();
        if (!now.isBefore(session.expiresAt())) {
            throw new LoginRefusedException("the login took longer than a session may last: begin again");
        }
        Optional<SecretToken> token = session.credential().map(kind -> SecretToken.mint(kind, id, random));
        FirstCredential credential = token.map(minted ->
                        new FirstCredential(minted, terms.binding().retry().orElse(null)))
                .orElse(null);
        Optional<Revocation> ended = tie(session, terms.upstream(), now);
        if (ended.isPresent()) {
            sessions.refused(subject, LoginRefusal.OVERTAKEN, now);
            return new LoginResult.Overtaken(ended.get());
        }
        Insertion insertion = sessions.insert(session, credential, terms.replaces(), now);
        if (insertion.result() instanceof InsertResult.Inserted) {
            return new LoginResult.LoggedIn(session, token, insertion.ended());
        }
        if (insertion.result() instanceof InsertResult.Covered covered) {
            sessions.refused(subject, LoginRefusal.OVERTAKEN, now);
            return new LoginResult.Overtaken(covered.by());
        }
        if (insertion.result() instanceof InsertResult.OverLimit over) {
            return new LoginResult.LimitReached(over.live());
        }
        throw new IllegalStateException("a session id of 128 random bits was drawn twice: the random source is broken");
    }

    /**
     * Ties a session that is about to begin to the login at a provider; the order of writing, reading and beginning is
     * that of {@link Links}.
     *
     * @return what has ended that login, or nothing
     */
    private Optional<Revocation> tie(Session session, @Nullable UpstreamLogin upstream, Instant now) {
        if (upstream == null) {
            return Optional.empty();
        }
        realms.require(upstream.upstream());
        Link.Login login = upstream.toLogin();
        SubjectId subject = session.subject();
        if (subject.realm().equals(login.realm())) {
            throw new IllegalStateException("the subject is in the upstream's own realm");
        }
        if (!now.isBefore(login.issuedAt().plus(Upstream.MOST_AGE))) {
            throw new LoginRefusedException("the ID token is older than " + Upstream.MOST_AGE.toHours()
                    + " hours, and whether its login has ended since is not remembered that long: begin again at the"
                    + " provider");
        }
        if (login.issuedAt().isAfter(now.plus(Upstream.MOST_AHEAD))) {
            throw new LoginRefusedException("the ID token was made more than " + Upstream.MOST_AHEAD.toMinutes()
                    + " minutes from now, by its iat: no clock is that far ahead, and no logout would end its session");
        }
        Link link = new Link(subject, (SessionId) session.handle(), login);
        requireLinks().write(link, sessions.forgetAfter(session), now);
        return store.revocationsCovering(login.facts(), now).stream()
                .filter(entry -> !isOlderStore(entry, upstream))
                .findFirst();
    }

    /** Whether an entry says only that nobody knows of a time before the provider made this very token. */
    private static boolean isOlderStore(Revocation entry, UpstreamLogin upstream) {
        return entry.target().kind() == RevocationTarget.Kind.BIRTH
                && entry.issuedBefore()
                        .isBefore(upstream.issuedAt().minus(upstream.upstream().skew()));
    }

    Links requireLinks() {
        if (links == null) {
            throw new IllegalStateException(
                    "upstream(...) needs a store that implements SharedRecords: memory, JDBC and Redis do");
        }
        return links;
    }

    private static Session.Builder session(LoginAttempt attempt, Session.Builder draft) {
        LoginTerms terms = attempt.terms();
        draft.attributes(terms.attributes())
                .scopes(terms.binding().scopes())
                .evidence(new Evidence(attempt.authenticatedAt(), Optional.ofNullable(terms.acr()), terms.amr()));
        terms.binding().sender().ifPresent(draft::senderKey);
        if (terms.client() != null) {
            draft.client(terms.client());
        }
        if (terms.credential() != null) {
            draft.credential(terms.credential());
        }
        SessionLifetimes shorter = terms.lifetimes();
        return shorter == null
                ? draft
                : draft.expiresAt(attempt.authenticatedAt().plus(shorter.absolute()))
                        .idleTimeout(shorter.idle());
    }

    AdoptionResult adopt(VerifiedToken token, DeviceInfo device) {
        requireOpen();
        accepted.requireKnown(token.realm());
        Instant now = clock.instant();
        Session session = adoptable(token, device, now);
        if (session == null || !now.isBefore(session.expiresAt())) {
            return new AdoptionResult.NotAdoptable();
        }
        List<Revocation> covering = store.revocationsCovering(token.facts(), now);
        return covering.isEmpty() ? insert(session, now) : new AdoptionResult.Revoked(covering.get(0));
    }

    /** The session that a token names, or null if it names no subject or no foreign session. */
    private @Nullable Session adoptable(VerifiedToken token, DeviceInfo device, Instant now) {
        Optional<SubjectId> subject = token.subject();
        Optional<Instant> began = token.facts().began();
        if (subject.isEmpty()
                || began.isEmpty()
                || !(token.session().map(SessionRef::handle).orElse(null) instanceof ForeignSessionId foreign)) {
            return null;
        }
        Session.Builder draft =
                sessions.draft(subject.get(), foreign, began.get(), now).device(device);
        token.client().ifPresent(draft::client);
        return draft.build();
    }

    private AdoptionResult insert(Session session, Instant now) {
        InsertResult result = sessions.insert(session, now).result();
        if (result instanceof InsertResult.Inserted) {
            return new AdoptionResult.Adopted(session, true);
        }
        if (result instanceof InsertResult.Covered covered) {
            return new AdoptionResult.Revoked(covered.by());
        }
        if (result instanceof InsertResult.OverLimit over) {
            return new AdoptionResult.LimitReached(over.live());
        }
        return sessions.present(session, now)
                .<AdoptionResult>map(present -> new AdoptionResult.Adopted(present, false))
                .orElseGet(AdoptionResult.NotAdoptable::new);
    }
}
