package dev.curfew.redis.verb;

import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import dev.curfew.store.SessionsOfScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The verb that walks the sessions of a client or a realm, bucket by bucket in the order of each bucket's index.
 * Thread-safe.
 *
 * <p>A page asks one bucket first, then twice as many at once each time, so that little is read in vain where one
 * bucket fills it. It ends where a bucket has more than its share of the page, so that it never holds many more rows
 * than were asked for; and after some looking, however few it has met, so that no call takes long.
 */
public final class ScopeVerb {
    /** A subject has several sessions, which lie in one bucket. */
    private static final int LEAST_SHARE = 16;

    /** After so many scripts a page goes no further than the buckets that it looks into. */
    private static final int SCRIPTS_A_PAGE = 1_000;

    /** How often one bucket is looked into for a page. */
    private static final int SCRIPTS_A_BUCKET = 64;

    private final ScriptRunner scripts;
    private final RedisKeys keys;

    public ScopeVerb(ScriptRunner scripts) {
        this.scripts = scripts;
        this.keys = scripts.keys();
    }

    public ScopePage page(RevocationTarget clientOrRealm, ScopeCursor cursor, int limit, Instant now) {
        RevocationTarget scope = SessionsOfScope.requireScope(clientOrRealm);
        SessionsOfScope.requireLimit(limit);
        IndexPosition from = IndexPosition.parse(cursor.text());
        List<FoundSession> page = new ArrayList<>();
        FilledBuckets buckets = new FilledBuckets(scripts, "sessionsOf", from.bucket());
        List<ScopeScan> scans = List.of(new ScopeScan(keys, scope, from, limit));
        int run = 0;
        for (int atOnce = 2; !scans.isEmpty(); atOnce = twice(atOnce)) {
            if (run >= SCRIPTS_A_PAGE) {
                return upTo(scans.get(0).place(), page);
            }
            run += look(scans, now);
            for (ScopeScan scan : scans) {
                for (ScopeScan.Met met : scan.met()) {
                    page.add(met.session());
                    if (page.size() == limit) {
                        return upTo(met.place(), page);
                    }
                }
                if (!scan.isOver()) {
                    return upTo(scan.place(), page);
                }
            }
            scans = scans(scope, buckets.take(atOnce), limit - page.size());
        }
        return new ScopePage(page, Optional.empty());
    }

    private static int twice(int buckets) {
        return Math.min(2 * buckets, IndexPosition.BUCKETS_AT_ONCE);
    }

    private static ScopePage upTo(IndexPosition place, List<FoundSession> page) {
        return new ScopePage(page, Optional.of(new ScopeCursor(place.toString())));
    }

    /** Each bucket gets a share of what is left. */
    private List<ScopeScan> scans(RevocationTarget scope, List<Integer> buckets, int left) {
        int share = Math.min(left, Math.max(LEAST_SHARE, 2 * left / Math.max(1, buckets.size())));
        return buckets.stream()
                .map(bucket -> new ScopeScan(keys, scope, IndexPosition.atBucket(bucket), share))
                .toList();
    }

    /** Looks into each until it is over, has met its share or is long; answers how many scripts that took. */
    private int look(List<ScopeScan> scans, Instant now) {
        List<ScopeScan> open = scans;
        int run = 0;
        for (int each = 0; each < SCRIPTS_A_BUCKET && !open.isEmpty(); each++) {
            List<ScriptReply> replies = scripts.runAll(
                    "sessionsOf", open.stream().map(ScopeScan::call).toList(), now);
            for (int i = 0; i < open.size(); i++) {
                open.get(i).take(replies.get(i), now);
            }
            run += open.size();
            open = open.stream().filter(scan -> !scan.isDone()).toList();
        }
        return run;
    }
}
