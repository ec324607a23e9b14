package dev.curfew.http;

import dev.curfew.meter.TroubleLog;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimitKey.Action;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.token.Authentic;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Counts calls, so that nobody can use up the permits of somebody else. Thread-safe.
 *
 * <p>Whoever could use up a person's permits could keep that person from ending a thief's session. So a logout is
 * counted for each token, which a thief with another token cannot touch; ending all others for each session, since a
 * thief who does that has ended the person's session already; the rest for each subject at each network, which neither
 * a thief elsewhere nor a neighbour with a token of their own shares. Bad tokens are counted by network, and only after
 * they were found to be bad, so that an address shared with an attacker locks nobody out. Where only a store can tell
 * good from bad, an address that sends too many bad ones is not asked for any more that are not known to be good.
 */
final class CallLimits {
    private final RateLimiter limiter;
    private final Clock clock;
    private final FloodGate gate;
    private final boolean mayAsk;
    private final TroubleLog failing = new TroubleLog(
            CallLimits.class, "rate limiter failed, calls pass", "the rate limiter answers again", System::nanoTime);

    CallLimits(RateLimiter limiter, Clock clock) {
        this(limiter, clock, new FloodGate(), true);
    }

    private CallLimits(RateLimiter limiter, Clock clock, FloodGate gate, boolean mayAsk) {
        this.limiter = limiter;
        this.clock = clock;
        this.gate = gate;
        this.mayAsk = mayAsk;
    }

    /** The same counts, for event loops: throws {@link MustWaitException} where the limiter might ask a server. */
    CallLimits withoutWaiting() {
        return new CallLimits(limiter, clock, gate, limiter.answersAtOnce());
    }

    /** Counts an attempt to end the caller's own session. */
    CallCount logout(LookupKey credential) throws Rejection {
        return require(Action.LOGOUT, credential);
    }

    /** Counts an attempt to end all of the caller's sessions but the own one. */
    CallCount revokeOthers(Authentic caller) throws Rejection {
        return require(Action.REVOKE, sessionOf(caller.facts()));
    }

    /** Counts an attempt to end another session. */
    CallCount revoke(Authentic caller, EndpointRequest request) throws Rejection {
        return require(Action.REVOKE, subjectOf(caller.facts(), request));
    }

    /** Counts a look at the list, or a name in it: names must not use up what ends a thief's session. */
    CallCount list(Authentic caller, EndpointRequest request) throws Rejection {
        return require(Action.LIST, subjectOf(caller.facts(), request));
    }

    /** Counts a call without a good token, and answers how to refuse it. */
    Rejection unauthenticated(EndpointRequest request, ProblemType problem) {
        Optional<String> network = networkOf(request);
        if (network.isEmpty()) {
            return Rejection.of(problem);
        }
        return refused(count(Action.UNAUTHENTICATED, network.get()), problem);
    }

    /** The same for a token of which only the store could tell that it is bad. */
    Rejection strange(EndpointRequest request) {
        Optional<String> network = networkOf(request);
        if (network.isEmpty()) {
            return Rejection.of(ProblemType.TOKEN_INVALID);
        }
        CallCount count = count(Action.UNAUTHENTICATED, network.get());
        gate.bad(network.get(), count.decision(), clock.instant());
        return refused(count, ProblemType.TOKEN_INVALID);
    }

    private static Rejection refused(CallCount count, ProblemType problem) {
        return count.decision().isPermitted() ? Rejection.of(problem).counted(count) : Rejection.tooManyCalls(count);
    }

    /** Refuses a token before a store is asked for it, if it is not known here and bad ones come from its network. */
    void requireNoFlood(EndpointRequest request, LookupKey token) throws Rejection {
        Optional<Duration> wait = networkOf(request).flatMap(network -> gate.wait(network, token, clock.instant()));
        if (wait.isPresent()) {
            throw Rejection.tooManyCalls(
                    new CallCount(Action.UNAUTHENTICATED, RateLimitDecision.retryAfter(wait.get())));
        }
    }

    /** A store has said that this token is good. */
    void good(EndpointRequest request, LookupKey token) {
        if (request.clientAddress().isPresent()) {
            gate.good(token, clock.instant());
        }
    }

    private CallCount require(Action action, LookupKey caller) throws Rejection {
        CallCount count = count(action, caller.toString());
        if (!count.decision().isPermitted()) {
            throw Rejection.tooManyCalls(count);
        }
        return count;
    }

    private CallCount count(Action action, String caller) {
        return new CallCount(action, ask(new RateLimitKey(action, caller)));
    }

    private RateLimitDecision ask(RateLimitKey key) {
        if (!mayAsk) {
            throw new MustWaitException();
        }
        try {
            // Of a host's own, which no compiler has checked for null.
            RateLimitDecision decision =
                    Objects.requireNonNull(limiter.tryAcquire(key, clock.instant()), "the limiter's answer");
            failing.worked();
            return decision;
        } catch (RuntimeException e) {
            failing.failed(e);
            return RateLimitDecision.permitted();
        }
    }

    private static LookupKey sessionOf(TokenFacts facts) {
        LookupKey session = facts.sessionKey();
        return session == null ? Objects.requireNonNull(facts.tokenKey(), "facts of a caller") : session;
    }

    /** The session where the address or the subject is not known. */
    private static LookupKey subjectOf(TokenFacts facts, EndpointRequest request) {
        LookupKey subject = facts.subjectKey();
        return networkOf(request)
                .filter(network -> subject != null)
                .map(network -> LookupKey.of("call-limit", String.valueOf(subject), network))
                .orElseGet(() -> sessionOf(facts));
    }

    /** A text that is no address is what the host chose to pass. */
    private static Optional<String> networkOf(EndpointRequest request) {
        return request.clientAddress()
                .map(text -> IpAddress.parse(text).map(IpAddress::network).orElse(text));
    }
}
