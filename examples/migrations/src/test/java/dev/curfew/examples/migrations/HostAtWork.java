package dev.curfew.examples.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.RevocationCause;
import dev.curfew.SessionList;
import dev.curfew.SessionService;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** A node of a host, which never calls {@code migrate()}. */
final class HostAtWork implements AutoCloseable {
    private static final SubjectId ALICE = new SubjectId(Realm.of("shop"), "alice");

    private final SessionService sessions;

    HostAtWork(JdbcSessionStore store) {
        sessions = SessionService.builder()
                .store(store)
                .storeSessionsUnencrypted()
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(Duration.ofMinutes(15))
                .build();
    }

    static HostAtWork on(DataSource database) {
        return new HostAtWork(JdbcSessionStore.on(database).build());
    }

    /** A session is begun, listed and ended. */
    void logsInListsAndEnds() {
        Session session = logIn();
        assertThat(list()).extracting(Session::handle).contains(session.handle());
        sessions.revokeSession(ALICE, session.handle(), RevocationCause.byUser(RevocationReason.USER_LOGOUT));
        assertThat(list()).extracting(Session::handle).doesNotContain(session.handle());
    }

    Session logIn() {
        return sessions.beginLogin(ALICE).complete(DeviceInfo.of("Firefox")).orElseThrow();
    }

    List<Session> list() {
        return sessions.listSessions(ALICE, ListQuery.live(100)).entries().stream()
                .map(SessionList.Entry::session)
                .toList();
    }

    @Override
    public void close() {
        sessions.close();
    }
}
