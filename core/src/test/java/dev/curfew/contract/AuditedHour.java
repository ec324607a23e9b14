package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.RevocationCause;
import dev.curfew.RevocationOutcome;
import dev.curfew.SessionService;
import dev.curfew.audit.AuditRecord;
import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One hour of a host with five users, as a seed brings it: answers are lost and asked for again, a listener fails, and
 * so does the keeper of the audit trail, before or after it has written. At the end the store says what became of each
 * session, and the records must say the same. Confined to one thread.
 */
final class AuditedHour implements AutoCloseable {
    private static final int USERS = 5;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Set<String> ENDS = Set.of("session_logout", "session_revoked", "session_expired");

    private final Random random;
    private final ManualClock clock;
    private final TestTokens tokens;
    private final SessionService service;
    private final List<AuditRecord> kept = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private final Map<String, Long> denied = new TreeMap<>();
    private final Set<String> revoked = new HashSet<>();
    private final Set<String> expired = new HashSet<>();
    private Set<String> live = Set.of();
    private long failed;
    private boolean isLossy;
    private boolean isFailing = true;

    AuditedHour(long seed, SessionStore store, ManualClock clock) {
        this.random = new Random(seed);
        this.clock = clock;
        this.tokens = TestTokens.ours(Given.REALM, clock);
        this.service = SessionService.builder()
                .store(LostAnswerStore.of(store, this::isAnswerLost))
                .lifetimes(new SessionLifetimes(Duration.ofHours(24), IDLE))
                .tokenPolicies(tokens.policy())
                .encryption(TestKeys.ring("test"))
                .sessionLimit(SessionLimit.endOldestBeyond(4))
                .clock(clock, clock.ticker())
                .authoritativeChecks()
                .eventExecutor(Runnable::run)
                .withoutAuditLog()
                .audit(trail -> trail.sink("kept", this::keep))
                .listener(event -> fail(20))
                .build();
    }

    private boolean isAnswerLost() {
        return isLossy && random.nextInt(5) == 0;
    }

    private void keep(List<AuditRecord> records) {
        fail(20);
        kept.addAll(records);
        fail(20);
    }

    private void fail(int oneIn) {
        if (isFailing && random.nextInt(oneIn) == 0) {
            throw new IllegalStateException("now and then");
        }
    }

    void play() {
        Instant end = clock.instant().plus(HOUR);
        while (clock.instant().isBefore(end)) {
            step();
            clock.advance(Duration.ofMillis(random.nextInt(20_000)));
            if (random.nextInt(20) == 0) {
                service.purge(100);
            }
        }
    }

    /** What ends while the clock moves ends by time, and what ends while it stands ends by the act. */
    private void step() {
        Set<String> before = liveNow();
        addMissing(expired, live, before);
        act();
        live = liveNow();
        addMissing(revoked, before, live);
    }

    private Set<String> liveNow() {
        Set<String> handles = new HashSet<>();
        for (int user = 0; user < USERS; user++) {
            service.listSessions(tokens.subject("user-" + user), ListQuery.live(100))
                    .entries()
                    .forEach(entry -> handles.add(entry.session().handle().value()));
        }
        return handles;
    }

    private static void addMissing(Set<String> ended, Set<String> before, Set<String> after) {
        before.stream().filter(handle -> !after.contains(handle)).forEach(ended::add);
    }

    private void act() {
        SubjectId subject = tokens.subject("user-" + random.nextInt(USERS));
        int act = random.nextInt(20);
        if (act < 7 || sessions.isEmpty()) {
            login(subject);
            return;
        }
        Session session = sessions.get(sessions.size() - 1 - random.nextInt(Math.min(sessions.size(), 20)));
        Session other = sessions.get(random.nextInt(sessions.size()));
        VerifiedToken caller = tokens.of(session);
        RevocationCause cause = RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "admin-7")
                .named(Given.operation());
        switch (act) {
            case 7, 8 -> untilAnswered(() -> service.logout(caller), session, false);
            case 9, 10 -> count(service.revokeSession(caller, other.handle().value()), session);
            case 11 -> untilAnswered(() -> service.revokeOtherSessions(caller, cause), session, true);
            case 12 -> untilAnswered(() -> service.revokeAllSessions(subject, cause), session, true);
            case 13 ->
                untilAnswered(() -> service.revokeSession(other.subject(), other.handle(), cause), session, true);
            case 14 -> untilAnswered(() -> service.revokeToken(caller, cause), session, true);
            case 15 -> service.checker().check(caller);
            default -> service.touch(caller);
        }
    }

    private void login(SubjectId subject) {
        sessions.add(service.beginLogin(subject).complete(DeviceInfo.unknown()).orElseThrow());
    }

    /** The client does not know what happened, and does the same again, under the same name if the act has one. */
    private void untilAnswered(Supplier<RevocationOutcome> act, Session caller, boolean isNamed) {
        isLossy = true;
        long failures = 0;
        for (RevocationOutcome outcome = null; outcome == null; ) {
            try {
                outcome = act.get();
                count(outcome, caller);
            } catch (StoreUnavailableException e) {
                failures++;
            }
        }
        failed += isNamed ? Math.min(failures, 1) : failures;
        isLossy = false;
    }

    private void count(RevocationOutcome outcome, Session caller) {
        if (outcome instanceof RevocationOutcome.NotOwned || outcome instanceof RevocationOutcome.CallerRevoked) {
            denied.merge(caller.subject().value(), 1L, Long::sum);
        }
    }

    /** Compares; answers how many sessions a revocation ended, and how many time. */
    int[] judge() {
        isFailing = false;
        // Whatever happens next, the keeper takes what it had refused.
        login(tokens.subject("the-last"));
        Map<String, AuditRecord> endsInTheHour = ends();
        assertThat(endsInTheHour).containsOnlyKeys(with(revoked, loggedOutTwice(endsInTheHour)));

        Map<String, FoundSession> untouched = new LinkedHashMap<>();
        sessions.forEach(one -> service.findSession(one.ref())
                .filter(found -> found.coveredBy().isEmpty())
                .ifPresent(found -> untouched.put(one.handle().value(), found)));
        purgeAll();
        Map<String, AuditRecord> allEnds = ends();
        assertThat(allEnds).hasSize(sessions.size()).containsAllEntriesOf(endsInTheHour);
        untouched.forEach((handle, found) -> assertThat(allEnds.get(handle)).satisfies(record -> {
            assertThat(record.event()).isEqualTo("session_expired");
            assertThat(record.at()).isEqualTo(found.session().endsByTime());
            assertThat(record.fields()).containsKey(Field.SUBJECT);
        }));

        service.close();
        assertThat(sumOf("authz_fail")).isEqualTo(denied);
        assertThat(named("revocation_failed")).hasSize((int) failed);
        assertThat(named("session_created")).hasSize(sessions.size());
        return new int[] {revoked.size(), expired.size()};
    }

    /** A second logout of what time had ended before is told as the answer to a first one that was lost. */
    private Set<String> loggedOutTwice(Map<String, AuditRecord> ends) {
        Set<String> handles = new HashSet<>(expired);
        handles.removeIf(
                handle -> !ends.containsKey(handle) || !ends.get(handle).event().equals("session_logout"));
        return handles;
    }

    private static String[] with(Set<String> some, Set<String> more) {
        return Stream.concat(some.stream(), more.stream()).toArray(String[]::new);
    }

    private void purgeAll() {
        clock.advance(Duration.ofDays(9));
        for (int calls = 0; service.purge(50).hasMore(); calls++) {
            assertThat(calls).isLessThan(1_000);
        }
    }

    /** By session; a second one under another name is a failure. */
    private Map<String, AuditRecord> ends() {
        Map<String, AuditRecord> bySession = new LinkedHashMap<>();
        for (AuditRecord record : deduplicated()) {
            if (ENDS.contains(record.event())) {
                assertThat(bySession.put(record.fields().get(Field.SESSION), record))
                        .as("two ends of one session: %s", record)
                        .isNull();
            }
        }
        return bySession;
    }

    private List<AuditRecord> named(String event) {
        return deduplicated().stream()
                .filter(record -> record.event().equals(event))
                .toList();
    }

    private Map<String, Long> sumOf(String event) {
        Map<String, Long> bySubject = new TreeMap<>();
        named(event)
                .forEach(record -> bySubject.merge(
                        record.fields().get(Field.SUBJECT),
                        Long.parseLong(record.fields().getOrDefault(Field.COUNT, "1")),
                        Long::sum));
        return bySubject;
    }

    /** As somebody who keeps records does it: the first one of each id stays. */
    private List<AuditRecord> deduplicated() {
        Map<String, AuditRecord> byId = new LinkedHashMap<>();
        kept.forEach(record -> byId.putIfAbsent(record.id(), record));
        return List.copyOf(byId.values());
    }

    @Override
    public void close() {
        service.close();
    }
}
