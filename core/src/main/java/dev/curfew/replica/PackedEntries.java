package dev.curfew.replica;

import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The {@link PackedEntry} of each target that a node knows. Any number of readers without a lock and without
 * allocation; writers take turns.
 */
final class PackedEntries {
    private static final int SEGMENT_BITS = 9;

    private final FingerprintTable table = new FingerprintTable(new SecureRandom(), SEGMENT_BITS);

    /** One bit for each kind of which there ever was an entry, so that the others cost nothing. */
    private volatile int kinds;

    /** Whether any entry that has not expired names these facts. A few look-ups. */
    boolean anyNames(TokenFacts facts, int minute) {
        int held = kinds;
        int notes = find(held, Kind.TOKEN, facts.tokenKey(), minute)
                | find(held, Kind.SESSION, facts.sessionKey(), minute)
                | find(held, Kind.SUBJECT, facts.subjectKey(), minute)
                | find(held, Kind.CLIENT, facts.clientKey(), minute)
                | find(held, Kind.REALM, facts.realmKey(), minute)
                | find(held, Kind.SIGNING_KEY, facts.signingKeyKey(), minute);
        return notes != FingerprintSegment.ABSENT;
    }

    /** The entry of the token or of the session that decides by its id alone, or {@link FingerprintSegment#ABSENT}. */
    int findById(TokenFacts facts, int minute) {
        int held = kinds;
        int token = find(held, Kind.TOKEN, facts.tokenKey(), minute);
        if (token != FingerprintSegment.ABSENT && !PackedEntry.isInFull(token)) {
            return token;
        }
        int session = find(held, Kind.SESSION, facts.sessionKey(), minute);
        return PackedEntry.isInFull(session) ? FingerprintSegment.ABSENT : session;
    }

    private int find(int held, Kind kind, @Nullable LookupKey key, int minute) {
        if ((held & bit(kind)) == 0 || key == null) {
            return FingerprintSegment.ABSENT;
        }
        int note = table.find(key);
        return PackedEntry.isExpired(note, minute) ? FingerprintSegment.ABSENT : note;
    }

    /** Adds an entry, or joins it with the one of its target; answers whether that changed anything. */
    boolean add(Kind kind, LookupKey key, int note) {
        boolean changed = table.add(key, note);
        // A volatile write even if nothing is new: what was written before it is seen by whoever checks after it.
        kinds = kinds | bit(kind == Kind.FOREIGN_SESSION ? Kind.SESSION : kind);
        return changed;
    }

    /** Drops what has expired from the next few of the segments. */
    void sweep(int minute, int count) {
        table.sweep(minute, count);
    }

    /** How many there are, expired ones included. To be asked by the writer. */
    long size() {
        return table.size();
    }

    private static int bit(Kind kind) {
        return 1 << kind.code();
    }
}
