package dev.curfew.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.RevocationCause;
import dev.curfew.RevocationOutcome;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.contract.ManualClock;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import dev.curfew.store.StoreFullException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one subject does to a bounded store is paid by that subject. DOS-02, DOS-03. */
class FairShareTest {
    private static final Realm SHOP = Realm.of("shop");
    private static final SubjectId ALICE = new SubjectId(SHOP, "alice");
    private static final SubjectId MALLORY = new SubjectId(SHOP, "mallory");
    private static final RevocationCause CAUSE = RevocationCause.byUser(RevocationReason.USER_LOGOUT);

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    private SessionServiceBuilder builder(InMemorySessionStore store) {
        return SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(Duration.ofMinutes(15))
                .withoutAuditLog()
                .clock(clock);
    }

    private SessionService over(InMemorySessionStore store, SessionLimit limit) {
        return builder(store).sessionLimit(limit).build();
    }

    private static Session login(SessionService service, SubjectId subject) {
        return service.beginLogin(subject).complete(DeviceInfo.unknown()).orElseThrow();
    }

    private static boolean isLive(SessionService service, Session session) {
        return service.listSessions(session.subject(), ListQuery.live(10)).entries().stream()
                .anyMatch(entry -> entry.session().handle().equals(session.handle()));
    }

    @Test
    void whoever_revokes_too_much_is_revoked_as_a_whole_and_nobody_else_is() {
        SessionService service =
                builder(InMemorySessionStore.create()).revocationsAtMost(100, 5).build();
        Session ofAlice = login(service, ALICE);
        List<Kind> kinds = new ArrayList<>();

        for (int i = 0; i < 20; i++) {
            Session session = login(service, MALLORY);
            RevocationOutcome outcome = service.revokeSession(MALLORY, session.handle(), CAUSE);
            kinds.add(((RevocationOutcome.Revoked) outcome).target());
            assertThat(isLive(service, session)).isFalse();
        }

        assertThat(kinds.subList(0, 5)).containsOnly(Kind.SESSION);
        assertThat(kinds.subList(5, 20)).containsOnly(Kind.SUBJECT);
        assertThat(isLive(service, ofAlice)).isTrue();
    }

    @Test
    void a_realm_that_had_to_be_revoked_for_want_of_room_has_room_again() {
        SessionService service =
                over(InMemorySessionStore.builder().maxRevocations(8).build(), SessionLimit.unlimited());
        List<Kind> kinds = new ArrayList<>();
        List<Session> ended = new ArrayList<>();

        for (int i = 0; i < 40; i++) {
            Session session = login(service, new SubjectId(SHOP, "user-" + i));
            RevocationOutcome outcome = service.revokeSession(session.subject(), session.handle(), CAUSE);
            kinds.add(((RevocationOutcome.Revoked) outcome).target());
            ended.add(session);
            assertThat(ended).noneMatch(one -> isLive(service, one));
        }

        int realm = kinds.indexOf(Kind.REALM);
        assertThat(realm).isPositive();
        assertThat(kinds.get(realm + 1)).isEqualTo(Kind.SESSION);
    }

    @Test
    void rows_of_sessions_that_are_over_make_room_for_a_login() {
        SessionService service =
                over(InMemorySessionStore.builder().maxSessions(50).build(), SessionLimit.endOldestBeyond(1));
        for (int i = 0; i < 50; i++) {
            login(service, MALLORY);
        }

        Session ofAlice = login(service, ALICE);

        assertThat(isLive(service, ofAlice)).isTrue();
    }

    @Test
    void live_sessions_make_room_for_nobody() {
        SessionService service =
                over(InMemorySessionStore.builder().maxSessions(3).build(), SessionLimit.unlimited());
        List<Session> sessions = List.of(login(service, ALICE), login(service, ALICE), login(service, MALLORY));

        assertThatExceptionOfType(StoreFullException.class)
                .isThrownBy(() -> login(service, MALLORY))
                .withMessageContaining("maxSessions=3");

        assertThat(sessions).allMatch(session -> isLive(service, session));
    }
}
