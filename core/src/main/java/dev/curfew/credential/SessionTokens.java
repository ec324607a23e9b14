package dev.curfew.credential;

import dev.curfew.atrest.ProvenSession;
import dev.curfew.check.RevocationDecision;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.credential.ExchangeStamps.Stamp;
import dev.curfew.credential.HeldCredential.Standing;
import dev.curfew.crypto.SecretHash;
import dev.curfew.crypto.SecretToken;
import dev.curfew.meter.Meter;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.CurfewException;
import dev.curfew.session.Realm;
import dev.curfew.store.FoundSession;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionAuthentication.Refused;
import dev.curfew.token.SessionAuthentication.Unanswered;
import dev.curfew.token.SessionCaller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells whose session token was presented, and whether it may be used. Thread-safe.
 *
 * <p>The cache says which secret a session has, and the checker whether it is revoked. What the cache refuses is asked
 * of the store once more, unless it can only be so: a secret that was exchanged never comes back, and neither does a
 * session that is over.
 */
public final class SessionTokens {
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);
    private static final Unanswered NOBODY_KNOWS = new Unanswered(Optional.empty());

    private final CredentialReader reader;
    private final TokenRevocationChecker checker;
    private final @Nullable Near near;
    private final SharedReads reads = new SharedReads();
    private final Duration nodeSkew;
    private final Clock clock;

    /**
     * What this node knows by itself.
     *
     * @param cache whose listener the replica tells
     * @param replica that says how old the cache may be
     */
    public record Near(SessionCache cache, RevocationReplica replica) {}

    /**
     * Reads tokens.
     *
     * @param near null if the store is asked for each one
     * @param nodeSkew by which the clocks of nodes may differ
     */
    public SessionTokens(
            CredentialReader reader,
            TokenRevocationChecker checker,
            @Nullable Near near,
            Duration nodeSkew,
            Clock clock) {
        this.reader = reader;
        this.checker = checker;
        this.near = near;
        this.nodeSkew = nodeSkew;
        this.clock = clock;
    }

    /** A token that is worth being looked up. */
    private record Question(SessionInRealm session, SecretToken token, SecretHash hash, Instant now) {}

    /** No round trip if it is known here, else one; none for what is no session token. Never throws for an outage. */
    public SessionAuthentication authenticate(Realm realm, String text) {
        return answer(realm, text, question -> near == null ? byStore(question) : byCache(question, near));
    }

    /**
     * Never waits.
     *
     * @throws IllegalStateException if nothing is kept on this node
     */
    public SessionAuthentication authenticateNow(Realm realm, String text) {
        if (near == null) {
            throw new IllegalStateException(
                    "authenticateNow needs a replica, and sessionCache(...) above 0: this node keeps nothing");
        }
        return answer(realm, text, question -> withoutWaiting(question, near));
    }

    /** Never waits: nothing if a worker has to ask the store. */
    public Optional<SessionAuthentication> tryAuthenticate(Realm realm, String text) {
        SessionAuthentication answer = answer(
                realm,
                text,
                question -> near == null
                        ? NOBODY_KNOWS
                        : withoutWaiting(
                                question,
                                near,
                                caller -> checker.tryCheck(caller)
                                        .map(decision -> answer(caller, decision))
                                        .orElse(NOBODY_KNOWS)));
        return answer instanceof Unanswered ? Optional.empty() : Optional.of(answer);
    }

    /** By a read of the row and one of the feed that are sent after this call. */
    public SessionAuthentication authenticateFresh(Realm realm, String text) {
        return answer(realm, text, this::fresh);
    }

    /** Those of the cache, if there is one. */
    public List<Meter> meters() {
        return near == null ? List.of() : near.cache().meters();
    }

    private SessionAuthentication answer(Realm realm, String text, Function<Question, SessionAuthentication> look) {
        SecretToken token = SecretToken.parse(text).orElse(null);
        if (token == null) {
            return Refused.because(CredentialRefusal.MALFORMED);
        }
        Instant now = clock.instant();
        if (token.kind() != CredentialKind.SESSION_TOKEN || !reader.mayLive(token, now)) {
            return Refused.because(CredentialRefusal.INVALID);
        }
        try {
            return look.apply(new Question(new SessionInRealm(realm, token.session()), token, token.hash(), now));
        } catch (CurfewException e) {
            // The store does not answer, or this node cannot read what it answers: reported where that was found.
            return NOBODY_KNOWS;
        }
    }

    /** Freshness is asked first: what is found afterwards is at least as new as it says. */
    private SessionAuthentication byCache(Question question, Near near) {
        if (!near.replica().awaitFresh()) {
            return near.replica().isFollowing() ? withoutWaiting(question, near) : byStore(question);
        }
        KnownSession known = near.cache().find(question.session());
        SessionAuthentication answer = known == null ? joined(question, near) : byKnown(question, known, near);
        return answer == null ? byStore(question) : answer;
    }

    /** What a secret that is known to be right or over is worth; null for another one, which the store has to judge. */
    private @Nullable SessionAuthentication byKnown(Question question, KnownSession known, Near near) {
        SessionAuthentication refusal = refusal(question, known);
        if (refusal != null || !isCurrent(question, known)) {
            return refusal;
        }
        SessionAuthentication answer = answer(known.caller(), checker.check(known.caller()));
        // The check may have waited for news, and an exchange may be among them.
        return answer instanceof Refused || near.cache().isCurrent(known.stamp()) ? answer : null;
    }

    /** A secret that was exchanged stays so, and a session that is over for good too. */
    private @Nullable SessionAuthentication refusal(Question question, KnownSession known) {
        if (known.isSuperseded(question.hash())) {
            return refused(known.caller(), CredentialRefusal.SUPERSEDED);
        }
        // By this clock once more: it may have been ahead when the row was read.
        return known.isSecret(question.hash()) && known.isOver(settled(question.now())) ? known.over() : null;
    }

    private static boolean isCurrent(Question question, KnownSession known) {
        return known.isSecret(question.hash()) && !known.isOver(question.now());
    }

    /** By a read that may have been sent before this call; null if it neither is valid nor says anything final. */
    private @Nullable SessionAuthentication joined(Question question, Near near) {
        long moment = reads.now();
        SharedReads.Row row = reads.join(question.session(), () -> read(question));
        boolean isSentSince = row.moment() > moment;
        boolean isValid = row.stamp() != null && near.cache().isCurrent(row.stamp());
        if (!isSentSince && !isValid) {
            return null;
        }
        SessionAuthentication answer = judge(question, row);
        return isSentSince || !mayChange(answer) ? answer : null;
    }

    /** Whether the store may say something better a moment later: of a secret or a sign of life that came since. */
    private static boolean mayChange(SessionAuthentication answer) {
        return answer instanceof Refused refused
                && (refused.why() == CredentialRefusal.INVALID || refused.why() == CredentialRefusal.IDLE);
    }

    /** By what this node knows, if it follows the feed; what it cannot know by itself stays open. */
    private SessionAuthentication withoutWaiting(Question question, Near near) {
        return withoutWaiting(question, near, caller -> answer(caller, checker.checkNow(caller)));
    }

    private SessionAuthentication withoutWaiting(
            Question question, Near near, Function<SessionCaller, SessionAuthentication> check) {
        KnownSession known = near.replica().isFollowing() ? near.cache().find(question.session()) : null;
        if (known == null) {
            return NOBODY_KNOWS;
        }
        SessionAuthentication refusal = refusal(question, known);
        if (refusal != null || !isCurrent(question, known)) {
            return refusal == null ? NOBODY_KNOWS : refusal;
        }
        SessionAuthentication answer = check.apply(known.caller());
        // If the node has caught up just now, an exchange may have come with that.
        return answer instanceof Refused || near.cache().isCurrent(known.stamp()) ? answer : NOBODY_KNOWS;
    }

    private SessionAuthentication byStore(Question question) {
        return judge(question, readFromNow(question));
    }

    private SharedReads.Row readFromNow(Question question) {
        return reads.joinAfter(reads.now(), question.session(), () -> read(question));
    }

    private SharedReads.Answer read(Question question) {
        // Before the store is asked: an exchange that it has not seen yet is to make the stamp old.
        Stamp stamp = near == null || !near.replica().isFollowing()
                ? null
                : near.cache().stamp(question.session().ref().key());
        return new SharedReads.Answer(reader.fetch(question.session().ref(), question.now()), stamp);
    }

    private SessionAuthentication judge(Question question, SharedReads.Row row) {
        return judge(question, row, (caller, found) -> checker.check(caller, found.coveredBy()));
    }

    private SessionAuthentication fresh(Question question) {
        return judge(
                question, readFromNow(question), (caller, found) -> checker.requireFresh(caller, found.coveredBy()));
    }

    private SessionAuthentication judge(
            Question question, SharedReads.Row row, BiFunction<SessionCaller, FoundSession, RevocationDecision> check) {
        HeldCredential held = row.found()
                .flatMap(found -> reader.read(found, question.token()))
                .orElse(null);
        Standing standing = held == null ? Standing.STRANGE : held.standing(question.token());
        if (held == null || standing == Standing.STRANGE || standing == Standing.OLDER) {
            return Refused.because(CredentialRefusal.INVALID);
        }
        SessionCaller caller = new SessionCaller(
                ProvenSession.of(reader.session(question.session().realm(), held), held.row()));
        Refused over = held.endedByTime(question.now())
                .map(why -> refused(caller, why))
                .orElse(null);
        if (near != null && row.stamp() != null && held.found().coveredBy().isEmpty()) {
            // Only for who holds a secret: random texts must not fill the cache. And not what is revoked: the replica
            // may not know that yet.
            Refused forGood = held.row().isExpired(settled(question.now())) ? over : null;
            near.cache().keep(question.session(), KnownSession.of(held, caller, forGood, row.stamp()));
        }
        if (standing == Standing.PREVIOUS) {
            return refused(caller, CredentialRefusal.SUPERSEDED);
        }
        return over == null ? answer(caller, check.apply(caller, held.found())) : over;
    }

    /**
     * The latest end that nothing moves any more: a node whose clock is behind may still write a sign of life, and one
     * that was judged in time may be under way.
     */
    private Instant settled(Instant now) {
        return now.minus(nodeSkew).minus(LONGEST_WRITE);
    }

    /** Of a right token, which says to whom a reason may be told. */
    private static Refused refused(SessionCaller caller, CredentialRefusal why) {
        return new Refused(why, Optional.empty(), caller.senderKey());
    }

    private static SessionAuthentication answer(SessionCaller caller, RevocationDecision decision) {
        return switch (decision.outcome()) {
            case ACTIVE -> new Authenticated(caller);
            case REVOKED -> new Refused(CredentialRefusal.REVOKED, decision.reason(), caller.senderKey());
            case UNKNOWN -> new Unanswered(decision.permits() ? Optional.of(caller) : Optional.empty());
        };
    }
}
