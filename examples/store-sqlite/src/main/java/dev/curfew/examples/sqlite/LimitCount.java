package dev.curfew.examples.sqlite;

import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FoundSession;
import dev.curfew.store.NewSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The live sessions of a subject that count for the limit of a login, of which only the surplus is kept. */
final class LimitCount {
    private static final int ROWS_AT_A_TIME = 200;

    private final SessionLimit limit;
    private final List<FoundSession> surplus = new ArrayList<>();
    private int live;

    private LimitCount(SessionLimit limit) {
        this.limit = limit;
    }

    /** Counts all but the session whose place the new one takes; nothing if there is no limit. */
    static LimitCount of(SessionTable sessions, NewSession login, Optional<FoundSession> replaced, Instant now) {
        LimitCount count = new LimitCount(login.limit());
        if (count.limit.isUnlimited()) {
            return count;
        }
        Optional<LookupKey> exempt = replaced.map(old -> old.session().key());
        try (SessionScan scan = sessions.ofSubject(login.row().subjectKey(), Optional.empty())) {
            while (!scan.isAtEnd()) {
                FoundSessions.asFarAsReadable(sessions.transaction(), scan.next(ROWS_AT_A_TIME), now).stream()
                        .filter(found -> found.isLive(now))
                        .filter(found ->
                                exempt.filter(found.session().key()::equals).isEmpty())
                        .forEach(count::met);
            }
        }
        return count;
    }

    /** Met from the newest to the oldest: what comes when the limit is reached is what has to give way. */
    private void met(FoundSession session) {
        live++;
        if (live >= limit.max() && limit.whenReached() == SessionLimit.WhenReached.END_OLDEST) {
            surplus.add(session);
        }
    }

    boolean isRefused() {
        return live >= limit.max() && limit.whenReached() == SessionLimit.WhenReached.REFUSE;
    }

    int live() {
        return live;
    }

    /** {@return the oldest sessions, which end so that the login fits} */
    List<FoundSession> surplus() {
        return surplus;
    }
}
