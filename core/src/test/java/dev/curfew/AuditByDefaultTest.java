package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.contract.ManualClock;
import dev.curfew.event.AuditLog;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import java.time.Duration;
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
                                .startsWith("event=revocation_recorded result=success target=subject")
                                .contains("count=1", "reason=revoked_by_admin", "actor_id=admin-7"),
                        line -> assertThat(line).startsWith("event=session_expired result=success"));
    }

    @Test
    void it_can_be_left_out() {
        SessionService service = builder().withoutAuditLog().build();
        service.beginLogin(alice).complete(DeviceInfo.unknown());

        assertThat(lines()).isEmpty();
    }
}
