package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.token.VerifiedToken;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation reads the clock once, so that all of it happens at one instant. */
class ClockReadingTest {
    private final TestHost host = TestHost.start();
    private final CountingClock clock = new CountingClock(host.clock);
    private final SessionService service = host.node(clock, builder -> builder);

    private Map<String, Runnable> operations() {
        Session session = host.login(host.alice);
        VerifiedToken token = host.tokens.of(session);
        VerifiedToken foreign = host.partner.draft("alice").with("sid", "idp-1").verified();
        LoginAttempt attempt = service.beginLogin(host.alice);
        String sealed = attempt.seal();
        Map<String, Runnable> operations = new LinkedHashMap<>();
        operations.put("beginLogin", () -> service.beginLogin(host.alice));
        operations.put("beginLogin without subject", service::beginLogin);
        operations.put("complete", () -> attempt.complete(DeviceInfo.unknown()));
        operations.put("seal", attempt::seal);
        operations.put("resumeLogin", () -> service.resumeLogin(sealed));
        operations.put("adopt", () -> service.adopt(foreign, DeviceInfo.unknown()));
        operations.put("touch", () -> service.touch(token));
        operations.put("check", () -> service.checker().check(token));
        operations.put("explain", () -> service.checker().explain(token));
        operations.put("listSessions", () -> service.listSessions(token));
        operations.put("findSession", () -> service.findSession(session.ref()));
        operations.put("logout", () -> service.logout(token));
        operations.put(
                "revokeSession",
                () -> service.revokeSession(token, session.handle().value()));
        operations.put("revokeOtherSessions", () -> service.revokeOtherSessions(token));
        operations.put("revokeAllSessions", () -> service.revokeAllSessions(host.alice, TestHost.BY_ADMIN));
        operations.put("revokeToken", () -> service.revokeToken(token, TestHost.BY_ADMIN));
        operations.put(
                "revokeClient", () -> service.revokeClient(new ClientId(TestHost.REALM, "web"), TestHost.BY_ADMIN));
        operations.put("revokeRealm", () -> service.revokeRealm(TestHost.REALM, TestHost.BY_ADMIN));
        operations.put("revokeKey", () -> service.revokeKey("k", TestHost.BY_ADMIN));
        operations.put(
                "revokeIssuedBefore", () -> service.revokeIssuedBefore(host.alice, TestHost.BIRTH, TestHost.BY_ADMIN));
        operations.put("purge", () -> service.purge(10));
        return operations;
    }

    static Stream<String> names() {
        return new ClockReadingTest().operations().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void an_operation_reads_the_clock_once(String name) {
        Runnable operation = operations().get(name);
        clock.readings.set(0);

        operation.run();

        assertThat(clock.readings).hasValue(1);
    }

    private static final class CountingClock extends Clock {
        private final Clock real;
        private final AtomicInteger readings = new AtomicInteger();

        CountingClock(Clock real) {
            this.real = real;
        }

        @Override
        public Instant instant() {
            readings.incrementAndGet();
            return real.instant();
        }

        @Override
        public ZoneId getZone() {
            return real.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return new CountingClock(real.withZone(zone));
        }
    }
}
