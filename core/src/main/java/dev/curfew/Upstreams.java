package dev.curfew;

import dev.curfew.ended.RevocationEvents.Context;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.SignalResult;
import dev.curfew.event.SessionEvent.UpstreamSignalReceived;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.CurfewException;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UndecodableRecordException;
import dev.curfew.token.SessionIds;
import dev.curfew.token.SubjectIdentifier;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What identity providers say of their sessions. Thread-safe.
 *
 * <p>What has ended is recorded up to the message's own instant, by the provider's clock, which judges the provider's
 * own {@code auth_time}: so a message that comes twice, late, or behind a later one ends no login that it does not
 * speak of, and no memory of messages is needed.
 */
public final class Upstreams {
    private final RevocationExecutor executor;
    private final AcceptedTokens accepted;
    private final UpstreamRealms realms;
    private final EventPublisher events;

    /** Null if the store keeps no shared records. */
    private final @Nullable LinkedSessions linked;

    private final Clock clock;

    Upstreams(
            RevocationExecutor executor,
            AcceptedTokens accepted,
            UpstreamRealms realms,
            EventPublisher events,
            @Nullable LinkedSessions linked,
            Clock clock) {
        this.executor = executor;
        this.accepted = accepted;
        this.realms = realms;
        this.events = events;
        this.linked = linked;
        this.clock = clock;
    }

    /**
     * Ends what an upstream says has ended: records it, and ends each session of ours that began from it. Idempotent.
     * One round trip, or two where each part of a store must keep what is said of a session whose subject it does not
     * know; one more for each 500 sessions that are tied to what ends, and for each of ours that ends. Of several names
     * of a subject, as much for each whom they mean.
     *
     * <p>Where a node dies in between, or a store fails, {@link dev.curfew.deliver.Deliveries} of any node end what is
     * left. Without them it lives on until the message comes again.
     *
     * @param signal made of a message that was verified
     * @return ended, also if nobody knows such a session, or why it has no effect
     * @throws StoreUnavailableException if the store does not answer: this node refuses what has ended at once, and
     *     goes on recording it; the message is safe to send again
     * @throws UndecodableRecordException if a link cannot be read, so that nobody can say whether what has ended is
     *     that of its session; everything else is ended and recorded
     * @throws IllegalStateException if the upstream is of links only, and the store keeps no shared records
     * @throws dev.curfew.session.InvalidIdentifierException if it names a subject or a session by what is no name
     */
    public UpstreamOutcome end(UpstreamSignal signal) {
        Instant now = clock.instant();
        Upstream upstream = signal.upstream();
        realms.require(upstream);
        if (signal.endedAt().isAfter(now.plus(Upstream.MOST_AHEAD))) {
            return ignored(signal, UpstreamOutcome.Cause.IN_THE_FUTURE, now);
        }
        if (signal.subject().isPresent() && !upstream.maySpeakAbout(signal.subjectIssuer())
                || signal.identifier().filter(upstream::isOfOthers).isPresent()) {
            return ignored(signal, UpstreamOutcome.Cause.OTHER_ISSUER, now);
        }
        return signal.token().map(token -> endToken(signal, token, now)).orElseGet(() -> endLogins(signal, now));
    }

    private UpstreamOutcome endToken(UpstreamSignal signal, SubjectIdentifier.JwtId token, Instant now) {
        Upstream upstream = signal.upstream();
        if (!token.iss().equals(upstream.issuer())) {
            return ignored(signal, UpstreamOutcome.Cause.OTHER_ISSUER, now);
        }
        if (upstream.isLinksOnly()) {
            return ignored(signal, UpstreamOutcome.Cause.UNREACHABLE_TOKEN, now);
        }
        RevocationTarget target = RevocationTarget.token(upstream.realm(), TokenId.ofJti(token.jti()));
        return record(signal, List.of(new Ending(target, new Context(null, null), 0)), now);
    }

    private UpstreamOutcome endLogins(UpstreamSignal signal, Instant now) {
        Upstream upstream = signal.upstream();
        Optional<ForeignSessionId> session = signal.session().map(ForeignSessionId::new);
        List<Optional<SubjectId>> subjects = subjects(signal);
        List<Ending> endings = new ArrayList<>();
        int number = 0;
        for (Optional<SubjectId> subject : subjects) {
            Context context = new Context(subject.orElse(null), session.orElse(null));
            if (session.isPresent() && reachesSessions(upstream)) {
                SessionRef ref = ref(upstream, session.get(), subject);
                endings.add(new Ending(RevocationTarget.session(ref), context, number));
            }
            if (subject.isPresent() && (session.isEmpty() || upstream.endsAllOfSubject())) {
                endings.add(new Ending(RevocationTarget.subject(subject.get()), context, number));
            }
            number++;
        }
        if (endings.isEmpty()) {
            boolean isAboutSubject =
                    signal.subject().isPresent() || signal.identifier().isPresent();
            UpstreamOutcome.Cause cause =
                    isAboutSubject ? UpstreamOutcome.Cause.UNKNOWN_SUBJECT : UpstreamOutcome.Cause.UNREACHABLE_SESSION;
            return ignored(signal, cause, now);
        }
        return record(signal, endings, now);
    }

    /** One that is not known stands for whoever has the session. */
    private static List<Optional<SubjectId>> subjects(UpstreamSignal signal) {
        Optional<SubjectIdentifier> name = signal.subject()
                .<SubjectIdentifier>map(sub -> new SubjectIdentifier.IssSub(signal.subjectIssuer(), sub))
                .or(signal::identifier);
        List<Optional<SubjectId>> found = name.map(signal.upstream()::subjects).orElse(Set.of()).stream()
                .map(Optional::of)
                .toList();
        return found.isEmpty() ? List.of(Optional.empty()) : found;
    }

    /**
     * One entry of those that a message asks for.
     *
     * @param target what is to end
     * @param context whom it is about, for events
     * @param number of the subject, if the message means several
     */
    private record Ending(RevocationTarget target, Context context, int number) {}

    /** All are tried before a failure is told: what the store has not answered, this node owes. */
    private UpstreamOutcome record(UpstreamSignal signal, List<Ending> endings, Instant now) {
        long count = 0;
        boolean isChanged = false;
        CurfewException failure = null;
        for (Ending ending : endings) {
            try {
                UpstreamOutcome.Ended ended = record(signal, ending, now);
                count += ended.localSessions();
                isChanged |= ended.changed();
            } catch (StoreUnavailableException e) {
                failure = e;
            } catch (UndecodableRecordException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return new UpstreamOutcome.Ended(count, isChanged);
    }

    /** Whether a token that is checked here, or a link, can carry a session id of the upstream's. */
    private static boolean reachesSessions(Upstream upstream) {
        return upstream.tokensCheckedHere()
                .filter(policy -> policy.sessionIds() == SessionIds.NONE)
                .isEmpty();
    }

    /** Which subject is meant counts for links, and nothing else: a provider's session ids are its own. */
    private static SessionRef ref(Upstream upstream, ForeignSessionId session, Optional<SubjectId> subject) {
        return upstream.isLinksOnly() && subject.isPresent()
                ? SessionRef.of(subject.get(), session)
                : SessionRef.ofUnknownSubject(upstream.realm(), session);
    }

    private UpstreamOutcome.Ended record(UpstreamSignal signal, Ending ending, Instant now) {
        try {
            UpstreamOutcome.Ended ended = recorded(signal, ending, now);
            tell(signal, ending, ended.changed() ? SignalResult.ENDED : SignalResult.REPEATED, now);
            return ended;
        } catch (StoreUnavailableException | UndecodableRecordException e) {
            tell(signal, ending, SignalResult.FAILED, now);
            throw e;
        }
    }

    private UpstreamOutcome.Ended recorded(UpstreamSignal signal, Ending ending, Instant now) {
        RevocationRequest request = request(signal, ending, now);
        RevokeResult.Recorded recorded = executor.record(request, ending.context(), now);
        accepted.judge(RevocationExecutor.outcome(recorded), signal.upstream().realm(), true);
        long tied = linked == null || ending.target().kind() == RevocationTarget.Kind.TOKEN
                ? 0
                : linked.end(ending.target(), recorded.entry(), now);
        return new UpstreamOutcome.Ended(recorded.count().orElse(0) + tied, recorded.changed() || tied > 0);
    }

    private RevocationRequest request(UpstreamSignal signal, Ending ending, Instant now) {
        Upstream upstream = signal.upstream();
        RevocationTarget target = ending.target();
        RevocationRequest.Builder request = RevocationRequest.of(
                        target, upstream.name().act(signal.messageId()))
                .because(signal.reason(), actor(signal))
                .coarser(above(target, ending.context().subject(), upstream));
        if (target.kind() == RevocationTarget.Kind.TOKEN) {
            return request.forgetAfter(now.plus(upstream.tokensLive())).build();
        }
        request.issuedBefore(signal.endedAt());
        if (upstream.isLinksOnly()) {
            if (linked == null) {
                throw new IllegalStateException("an upstream that is linksOnly() needs a store that implements"
                        + " SharedRecords: memory, JDBC and Redis do");
            }
            request.forgetAfter(now.plus(Upstream.REMEMBERED));
        }
        return request.build();
    }

    /** What a bounded store may revoke for want of room, from finer to coarser. */
    private static List<RevocationTarget> above(
            RevocationTarget target, @Nullable SubjectId subject, Upstream upstream) {
        List<RevocationTarget> targets = new ArrayList<>();
        if (subject != null && target.kind() != RevocationTarget.Kind.SUBJECT) {
            targets.add(RevocationTarget.subject(subject));
        }
        targets.add(RevocationTarget.realm(upstream.realm()));
        return targets;
    }

    private UpstreamOutcome ignored(UpstreamSignal signal, UpstreamOutcome.Cause cause, Instant now) {
        RevocationTarget.Kind kind = signal.token().isPresent()
                ? RevocationTarget.Kind.TOKEN
                : signal.session().isPresent() ? RevocationTarget.Kind.FOREIGN_SESSION : RevocationTarget.Kind.SUBJECT;
        tell(signal, kind, SignalResult.IGNORED, "", now);
        return new UpstreamOutcome.Ignored(cause);
    }

    /** The first subject is told by the same name as the only one. */
    private void tell(UpstreamSignal signal, Ending ending, SignalResult result, Instant now) {
        tell(signal, ending.target().kind(), result, ending.number() == 0 ? "" : ":" + ending.number(), now);
    }

    private void tell(
            UpstreamSignal signal, RevocationTarget.Kind kind, SignalResult result, String suffix, Instant now) {
        events.publish(new UpstreamSignalReceived(
                "signal:" + signal.upstream().name().message(signal.messageId()) + ":" + kind + ":" + result + suffix,
                now,
                signal.upstream().realm(),
                kind,
                signal.reason(),
                actor(signal),
                result));
    }

    private static Actor actor(UpstreamSignal signal) {
        return signal.upstream().name().actor(signal.initiator());
    }
}
