package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The revocations that a node holds in full, because instants or an exempt session decide about them. Any number of
 * readers; one writer.
 */
final class FullEntries {
    private final EntriesByKey ofClients = new EntriesByKey();
    private final EntriesByKey others = new EntriesByKey();

    /** Adds an entry; answers false if another one makes it superfluous. */
    boolean add(Revocation entry) {
        return (entry.target().kind() == Kind.CLIENT ? ofClients : others).add(entry);
    }

    /** Those that cover some facts at an instant, and the birth of the store if it does. */
    Judgement judge(TokenFacts facts, @Nullable Revocation birth, long nowMillis) {
        Judgement judgement = Judgement.NONE;
        if (birth != null && birth.covers(facts)) {
            judgement = judgement.with(birth, facts);
        }
        judgement = judge(judgement, others, facts.sessionKey(), facts, nowMillis);
        judgement = judge(judgement, others, facts.subjectKey(), facts, nowMillis);
        judgement = judge(judgement, others, facts.realmKey(), facts, nowMillis);
        judgement = judge(judgement, others, facts.signingKeyKey(), facts, nowMillis);
        return judge(judgement, ofClients, facts.clientKey(), facts, nowMillis);
    }

    private static Judgement judge(
            Judgement judgement, EntriesByKey entries, @Nullable LookupKey key, TokenFacts facts, long nowMillis) {
        Judgement joined = judgement;
        if (key != null) {
            for (Revocation entry : entries.of(key)) {
                if (nowMillis < entry.forgetAfter().toEpochMilli() && entry.covers(facts)) {
                    joined = joined.with(entry, facts);
                }
            }
        }
        return joined;
    }

    /** The newest cut-off of a subject, of its realm, or of any client of that. */
    Instant newestCutOff(LookupKey subject, LookupKey realm) {
        Stream<Revocation> clients =
                ofClients.stream().filter(entry -> entry.target().realm().equals(realm));
        Stream<Revocation> own = Stream.of(others.of(subject), others.of(realm)).flatMap(Arrays::stream);
        return newest(Stream.concat(clients, own));
    }

    /**
     * The newest cut-off of a session's realm, of any client of that, or of any subject that may be its own. Looks at
     * all entries, and is for outages only.
     */
    Instant newestCutOffAround(RevocationTarget session) {
        Stream<Revocation> own = others.stream()
                .filter(entry -> entry.target().kind() != Kind.SUBJECT
                        || session.bucket() == RevocationTarget.EVERYWHERE
                        || entry.target().bucket() == session.bucket());
        return newest(Stream.concat(ofClients.stream(), own)
                .filter(entry -> entry.target().realm().equals(session.realm())));
    }

    private static Instant newest(Stream<Revocation> entries) {
        return entries.filter(entry -> entry.target().kind().isCutOff())
                .map(Revocation::issuedBefore)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** All cut-offs and signing keys, in no order. */
    Stream<Revocation> cutOffsAndKeys() {
        return Stream.concat(others.stream(), ofClients.stream())
                .filter(entry -> entry.target().kind() != Kind.FOREIGN_SESSION);
    }

    /** Drops what is forgotten from the next few of the targets. */
    void sweep(Instant forgotten, int count) {
        others.sweep(forgotten, count);
        ofClients.sweep(forgotten, count);
    }

    /** The first recorded of some entries that cover the same facts, and whether a new login lifts all of them. */
    record Judgement(@Nullable Revocation first, boolean isLiftedByReauthentication) {
        static final Judgement NONE = new Judgement(null, true);

        Judgement with(Revocation entry, TokenFacts facts) {
            boolean isFirst = first == null || Revocation.recordedFirst().compare(entry, first) < 0;
            return new Judgement(
                    isFirst ? entry : first, isLiftedByReauthentication && entry.isLiftedByReauthentication(facts));
        }
    }
}
