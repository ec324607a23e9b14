package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.audit.AuditLog;
import dev.curfew.check.OutagePolicy;
import dev.curfew.event.SessionEvent;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.InvalidTokenException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A day in the life of a host, with every logger listened to at every level. LOG-02. */
class NoSecretsInLogsTest {
    private static final String PASSWORD = "correct horse battery staple";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> compacts = new ArrayList<>();
    private final TestHost host = TestHost.start(builder -> builder.sessionLimit(SessionLimit.endOldestBeyond(3))
            .audit(trail -> trail.sink("log", new AuditLog())
                    .repeatWindow(Duration.ZERO)
                    .renewalWindow(Duration.ZERO))
            .listener(event -> {
                throw new IllegalStateException("a listener of the host's fails");
            })
            .duringOutages(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES));

    @BeforeEach
    void listen() {
        log.start();
        root.setLevel(Level.TRACE);
        root.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(log);
        root.setLevel(level);
    }

    private VerifiedToken tokenOf(Session session) {
        String compact = host.tokens.draft(session).compact();
        compacts.add(compact);
        return host.tokens.verify(compact);
    }

    private VerifiedToken foreignToken(String sid) {
        String compact = host.partner.draft("alice").with("sid", sid).compact();
        compacts.add(compact);
        return host.partner.verify(compact);
    }

    private Session login() {
        host.clock.advance(Duration.ofSeconds(1));
        return host.service
                .beginLogin(host.alice)
                .attributes(Map.of("password", PASSWORD))
                .complete(DeviceInfo.of("Firefox on Linux"))
                .orElseThrow();
    }

    private void everythingHappens() {
        VerifiedToken caller = tokenOf(login());
        for (int i = 0; i < 4; i++) {
            login();
        }
        VerifiedToken current = tokenOf(login());
        host.service.logout(caller);
        host.service.checker().check(caller);
        host.service.listSessions(current);
        host.service.revokeSession(current, host.login(host.bob).handle().value());
        host.service.revokeSession(current, compacts.get(0));
        host.service.revokeOtherSessions(current);
        host.service.revokeToken(current, TestHost.BY_ADMIN);
        host.service.logout(current);
        VerifiedToken foreign = foreignToken("idp-1");
        host.service.adopt(foreign, DeviceInfo.unknown());
        host.service.logout(foreign);
        LoginAttempt overtaken = host.service.beginLogin(host.alice);
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        overtaken.complete(DeviceInfo.unknown());
        VerifiedToken last = tokenOf(login());
        host.store.goDown();
        host.service.touch(last);
        host.service.checker().check(last);
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> host.service.logout(last));
        assertThatExceptionOfType(InvalidTokenException.class)
                .isThrownBy(() -> host.tokens.verify(compacts.get(0) + "x"))
                .satisfies(e -> root.info("refused", e));
        root.info("{} {} {}", last, host.service.resumeLogin(compacts.get(0)), host.events);
    }

    @Test
    void no_log_event_of_any_logger_holds_a_token_a_part_of_one_or_a_password() {
        everythingHappens();

        assertThat(log.list).hasSizeGreaterThan(30);
        List<String> texts = log.list.stream().map(NoSecretsInLogsTest::text).toList();
        for (String compact : compacts) {
            for (String part : parts(compact)) {
                assertThat(texts).noneMatch(text -> text.contains(part));
            }
        }
        assertThat(texts).noneMatch(text -> text.contains(PASSWORD));
    }

    @Test
    void no_event_holds_a_token_or_a_part_of_one() {
        everythingHappens();

        assertThat(host.events).hasSizeGreaterThan(20);
        List<String> texts = host.events.stream().map(SessionEvent::toString).toList();
        for (String compact : compacts) {
            for (String part : parts(compact)) {
                assertThat(texts).noneMatch(text -> text.contains(part));
            }
        }
        assertThat(texts).noneMatch(text -> text.contains(PASSWORD));
    }

    @Test
    void the_audit_log_has_one_line_for_each_event() {
        everythingHappens();

        assertThat(log.list)
                .filteredOn(line -> line.getLoggerName().equals(AuditLog.LOGGER))
                .hasSameSizeAs(host.events)
                .allSatisfy(line -> assertThat(line.getFormattedMessage()).doesNotContain("\n", "\r"));
    }

    /**
     * Header, payload and signature; the header is the same for each token and says nothing, but is a part all the
     * same.
     */
    private static String[] parts(String compact) {
        return compact.split("\\.", -1);
    }

    private static String text(ILoggingEvent event) {
        StringBuilder text = new StringBuilder(event.getFormattedMessage());
        IThrowableProxy thrown = event.getThrowableProxy();
        while (thrown != null) {
            text.append('\n').append(thrown.getClassName()).append(": ").append(thrown.getMessage());
            thrown = thrown.getCause();
        }
        return text.toString();
    }
}
