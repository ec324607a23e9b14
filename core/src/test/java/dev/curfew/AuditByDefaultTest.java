package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.audit.AuditLog;
import dev.curfew.audit.AuditRecord;
import dev.curfew.audit.AuditSinkStatus;
import dev.curfew.contract.ManualClock;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The audit log is there unless it is left out by name. */
class AuditByDefaultTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final SubjectId alice = new SubjectId(TestHost.REALM, "alice");

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    private static SessionServiceBuilder builder() {
        return SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(Duration.ofMinutes(15))
                .clock(ManualClock.at(TestHost.BIRTH))
                .eventExecutor(Runnable::run);
    }

    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void it_writes_without_being_asked() {
        SessionService service = builder().build();
        service.beginLogin(alice).complete(DeviceInfo.unknown());
        service.revokeAllSessions(alice, TestHost.BY_ADMIN);

        assertThat(lines())
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("event=session_created result=success realm=shop"),
                        line -> assertThat(line)
                                .startsWith("event=revocation_recorded result=success realm=shop subject=alice")
                                .contains("target=subject", "count=1", "reason=revoked_by_admin", "actor_id=admin-7"),
                        line -> assertThat(line).startsWith("event=session_revoked result=success"));
    }

    @Test
    void it_can_be_left_out() {
        SessionService service = builder().withoutAuditLog().build();
        service.beginLogin(alice).complete(DeviceInfo.unknown());

        assertThat(lines()).isEmpty();
    }

    @Test
    void another_sink_stands_beside_it_and_its_status_can_be_read() {
        List<AuditRecord> records = new ArrayList<>();
        SessionService service =
                builder().audit(trail -> trail.sink("list", records::addAll)).build();
        service.beginLogin(alice).complete(DeviceInfo.unknown());

        assertThat(lines()).hasSize(1);
        assertThat(records).extracting(AuditRecord::event).containsExactly("session_created");
        assertThat(service.auditTrail().orElseThrow().status())
                .extracting(AuditSinkStatus::name, AuditSinkStatus::written)
                .containsExactly(tuple("log", 1L), tuple("list", 1L));
    }

    @Test
    void left_out_it_leaves_the_other_sinks_there_and_without_any_there_is_no_trail() {
        List<AuditRecord> records = new ArrayList<>();
        SessionService service = builder()
                .withoutAuditLog()
                .audit(trail -> trail.sink("list", records::addAll))
                .build();
        service.beginLogin(alice).complete(DeviceInfo.unknown());

        assertThat(lines()).isEmpty();
        assertThat(records).hasSize(1);
        assertThat(builder().withoutAuditLog().build().auditTrail()).isEmpty();
    }

    @Test
    void without_an_executor_it_is_written_at_the_latest_when_the_service_is_closed() {
        SessionService service = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(Duration.ofMinutes(15))
                .clock(ManualClock.at(TestHost.BIRTH))
                .authoritativeChecks()
                .build();
        service.beginLogin(alice).complete(DeviceInfo.unknown());
        service.close();

        assertThat(lines()).singleElement().satisfies(line -> assertThat(line).startsWith("event=session_created"));
    }
}
