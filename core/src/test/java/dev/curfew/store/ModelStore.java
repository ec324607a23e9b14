package dev.curfew.store;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationSet;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A store as a plain object: each method is one atomic step. */
final class ModelStore {
    private final LoginRule rule;
    private final StoreSettings settings;
    private final RevocationSet revocations = new RevocationSet();
    private final List<TokenFacts> sessions = new ArrayList<>();

    ModelStore(LoginRule rule, Duration nodeSkew, Instant now) {
        this.rule = rule;
        this.settings = rule.settings(nodeSkew);
        revocations.add(RevocationRequest.birth(0, 1, now, settings));
    }

    /** Of the subject, its realm, any client of the realm, and the births. */
    Instant newestCutOff(SubjectId subject) {
        return newest(entries()
                .filter(entry -> isAbout(entry.target(), subject.realm().key(), subject.key())));
    }

    boolean insert(TokenFacts session, Instant now) {
        if (revocations.coversAny(session, now)) {
            return false;
        }
        return sessions.add(session);
    }

    boolean isLive(TokenFacts session, Instant now) {
        return sessions.contains(session) && !revocations.coversAny(session, now);
    }

    Revocation revoke(RevocationRequest request, Instant now) {
        Instant newest = rule.newestApplicable(newestApplicable(request));
        Revocation entry = request.fix(now, settings, newest, Optional.empty());
        revocations.add(entry);
        return entry;
    }

    /** What {@link RevocationRequest#fix} asks for. */
    private Instant newestApplicable(RevocationRequest request) {
        RevocationTarget target = request.target();
        if (!rule.looksAtOtherTargets()) {
            return newest(entries().filter(entry -> entry.target().equals(target)));
        }
        if (target.kind() != RevocationTarget.Kind.SUBJECT) {
            return newest(entries()
                    .filter(entry ->
                            isBirth(entry.target()) || entry.target().realm().equals(target.realm())));
        }
        Instant cutOff = newest(entries().filter(entry -> isAbout(entry.target(), target.realm(), target.key())));
        LookupKey spared = request.exempt().map(ExemptSession::key).orElse(null);
        return sessions.stream()
                .filter(session -> target.key().equals(session.subjectKey()))
                .filter(session -> !session.sessionKey().equals(spared))
                .map(session -> session.began().orElseThrow())
                .reduce(cutOff, ModelStore::later);
    }

    private Stream<Revocation> entries() {
        return revocations.stream();
    }

    private static boolean isAbout(RevocationTarget target, LookupKey realm, LookupKey subject) {
        return isBirth(target)
                || target.realm().equals(realm)
                        && (target.kind() != RevocationTarget.Kind.SUBJECT
                                || target.key().equals(subject));
    }

    private static boolean isBirth(RevocationTarget target) {
        return target.kind() == RevocationTarget.Kind.BIRTH;
    }

    private static Instant newest(Stream<Revocation> entries) {
        return entries.map(Revocation::issuedBefore).reduce(Instant.EPOCH, ModelStore::later);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }
}
