package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import dev.curfew.store.StoredSession;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the acts of a store on PostgreSQL take when one subject, and its realm, have very many sessions, beside a store
 * with few; and what a subject takes whose sessions end a hundred times a second.
 */
final class SizesMeasurement {
    private static final int PAGE = 20;
    private static final int PURGED_AT_ONCE = 1_000;
    private static final int THREADS = 16;
    private static final int ENDS_PER_SECOND = 100;

    private final SecureRandom random = new SecureRandom();
    private final Report report;
    private final Form form;

    private SizesMeasurement(Report report, Form form) {
        this.report = report;
        this.form = form;
    }

    /**
     * How much is measured. Immutable.
     *
     * @param few sessions of a subject, and ten times as many of its realm, in the store to compare with
     * @param many the same in the large store
     * @param shots how often each act is done
     * @param busy how long a subject's sessions end a hundred times a second
     */
    record Form(int few, int many, int shots, Duration busy) {
        static final Form TINY = new Form(100, 200, 2, Duration.ofMillis(300));
        static final Form QUICK = new Form(100, 10_000, 50, Duration.ofSeconds(2));
        static final Form FULL = new Form(100, 1_000_000, 200, Duration.ofSeconds(20));
    }

    static void run(Report report, Form form) {
        SizesMeasurement measurement = new SizesMeasurement(report, form);
        try (HikariDataSource pool = Servers.pool(THREADS);
                HikariDataSource hasty = Servers.hastyPool()) {
            // The first pass warms the program up.
            measurement.measure(pool, hasty, "warm", form.few());
            Map<String, Figure> few = measurement.measure(pool, hasty, "few", form.few());
            measurement.report("few", few, Map.of());
            measurement.report("many", measurement.measure(pool, hasty, "many", form.many()), few);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is asked about in one store. */
    private record Place(JdbcSessionStore store, SubjectId subject, StoredSession known, SessionCursor middle) {}

    private Map<String, Figure> measure(HikariDataSource pool, HikariDataSource hasty, String name, int sessions)
            throws SQLException {
        String prefix = "sizes_" + name + "_";
        long begin = System.nanoTime();
        try (JdbcSessionStore store = CurfewStores.onPostgres(pool, prefix)) {
            SubjectId subject = new SubjectId(TokenIssuer.REALM, "service-account");
            FillSessions fill = new FillSessions(hasty, prefix, CurfewKeeper.begin(store, subject, random));
            fill.ofOne(subject, sessions);
            fill.ofOthers(9 * sessions);
            fill.settle();
            tell(
                    "%s: %,d sessions of one subject, %,d of its realm, filled in %.0f s",
                    name, sessions, 10L * sessions, (System.nanoTime() - begin) / 1e9);
            SessionRef known = CurfewKeeper.begin(store, subject, random);
            StoredSession row = store.find(known, Instant.now()).orElseThrow().session();
            SessionCursor middle =
                    new SessionCursor(row.authenticatedAt().minusMillis(sessions / 2), row.createdAt(), row.key());
            Place place = new Place(store, subject, row, middle);
            Map<String, Figure> times = new LinkedHashMap<>();
            acts(place).forEach((act, task) -> times.put(act, median(task)));
            busy(place, times);
            times.put("count", once(() -> require(store.countLive(Instant.now()) >= 10L * sessions, "too few")));
            ends(place, sessions, times);
            purges(place, fill, sessions, times);
            return times;
        }
    }

    /** Acts that may be done again and again. */
    private Map<String, Alternation.Act> acts(Place place) {
        JdbcSessionStore store = place.store();
        TokenFacts facts = place.known().facts();
        SessionRef known = SessionRef.of(TokenIssuer.REALM, place.known().id().orElseThrow());
        Map<String, Alternation.Act> acts = new LinkedHashMap<>();
        acts.put("check", () -> store.revocationsCovering(facts, Instant.now()));
        acts.put("find", () -> require(store.find(known, Instant.now()).isPresent(), "a session is gone"));
        acts.put("list", () -> full(store.list(place.subject(), ListQuery.live(PAGE), Instant.now())));
        acts.put(
                "list.middle",
                () -> full(store.list(place.subject(), ListQuery.live(PAGE).after(place.middle()), Instant.now())));
        acts.put("login", () -> CurfewKeeper.begin(store, place.subject(), random));
        acts.put("end", () -> end(place, CurfewKeeper.begin(store, place.subject(), random)));
        return acts;
    }

    /** A subject whose sessions end a hundred times a second, while it is listed and logs in. */
    private void busy(Place place, Map<String, Figure> times) {
        List<SessionRef> ending = new ArrayList<>();
        for (int i = 0; i < form.busy().toMillis() * ENDS_PER_SECOND / 1_000 + 1; i++) {
            ending.add(CurfewKeeper.begin(place.store(), place.subject(), random));
        }
        int each = 10;
        // Of ten acts eight end a session, one lists, and one is a login.
        OpenLoop.Outcome outcome = OpenLoop.run(ENDS_PER_SECOND * each / 8.0, form.busy(), THREADS, number -> {
            switch (number % each) {
                case 0 -> full(place.store().list(place.subject(), ListQuery.live(PAGE), Instant.now()));
                case 1 -> CurfewKeeper.begin(place.store(), place.subject(), random);
                default -> end(place, ending.get(Math.min(ending.size() - 1, number * 8 / each)));
            }
        });
        tell("%.0f acts a second on one subject, %d failed", outcome.perSecond(), outcome.failed());
        times.put("busy.list", outcome.latencies(number -> number % each == 0).figure(99));
        times.put("busy.login", outcome.latencies(number -> number % each == 1).figure(99));
        times.put("busy.end", outcome.latencies(number -> number % each > 1).figure(99));
    }

    /** Acts that are done once: all sessions of the subject end, then all of the realm. */
    private void ends(Place place, int sessions, Map<String, Figure> times) {
        SubjectId subject = place.subject();
        times.put("end.all", once(() -> {
            RevokeResult.Recorded ended = revoke(place.store(), RevocationTarget.subject(subject));
            require(ended.newlyCovered() >= sessions, "sessions are missing");
        }));
        times.put("list.ended", median(() -> list(place)));
        times.put("login.behind", median(() -> CurfewKeeper.beginBehindCutOff(place.store(), subject, random)));
        times.put("end.realm", once(() -> revoke(place.store(), RevocationTarget.realm(TokenIssuer.REALM))));
    }

    private static SessionPage list(Place place) {
        return place.store().list(place.subject(), ListQuery.live(PAGE), Instant.now());
    }

    /** One in ten of the realm's sessions has come to its end. */
    private void purges(Place place, FillSessions fill, int sessions, Map<String, Figure> times) throws SQLException {
        fill.age(sessions, CurfewKeeper.LIFETIME.multipliedBy(2));
        fill.settle();
        List<Long> nanos = new ArrayList<>();
        int removed = 0;
        boolean hasMore = true;
        while (hasMore) {
            long begin = System.nanoTime();
            PurgeResult result = place.store().purge(Instant.now(), PURGED_AT_ONCE);
            nanos.add(System.nanoTime() - begin);
            removed += result.sessions();
            hasMore = result.hasMore();
        }
        require(removed >= sessions, "only " + removed + " sessions were purged");
        times.put(
                "purge.1000",
                new Durations(nanos.stream().mapToLong(Long::longValue).toArray()).figure(50));
    }

    private void end(Place place, SessionRef session) {
        revoke(place.store(), RevocationTarget.session(session));
    }

    private RevokeResult.Recorded revoke(JdbcSessionStore store, RevocationTarget target) {
        RevocationRequest request = RevocationRequest.of(target, OperationId.random(random))
                .because(RevocationReason.REVOKED_BY_USER, Actor.user())
                .build();
        return (RevokeResult.Recorded) store.revoke(request, Precondition.none(), Instant.now());
    }

    private static void full(SessionPage page) {
        List<FoundSession> sessions = page.sessions();
        require(sessions.size() == PAGE, "a page of " + sessions.size());
    }

    private static void require(boolean isTrue, String otherwise) {
        if (!isTrue) {
            throw new IllegalStateException(otherwise);
        }
    }

    private Figure median(Alternation.Act act) {
        return Alternation.of(form.shots(), act)[0].figure(50);
    }

    private static Figure once(Alternation.Act act) {
        long begin = System.nanoTime();
        try {
            act.run();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return Figure.of((double) (System.nanoTime() - begin));
    }

    private void report(String name, Map<String, Figure> times, Map<String, Figure> few) {
        times.forEach((act, time) -> {
            String line = "sizes." + name + "." + act;
            Figure micros = time.in(1e3);
            if (few.containsKey(act)) {
                report.times(line, micros, "us", "few sessions", few.get(act).in(1e3));
            } else {
                report.alone(line, micros, "us");
            }
        });
    }

    private static void tell(String format, Object... values) {
        System.err.printf(Locale.ROOT, "  " + format + "%n", values);
    }
}
