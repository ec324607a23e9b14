package dev.curfew.ssf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamLogin;
import dev.curfew.contract.TestTokens.Draft;
import dev.curfew.deliver.Deliveries;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import dev.curfew.token.EventTokenVerifier;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions of ours that began from a login at a transmitter, none of whose tokens are checked here. */
class LinkedSignalsTest {
    private static final String SESSION_REVOKED = SignalHost.CAEP + "session-revoked";

    private final SignalHost host = new SignalHost();
    private final SessionService service = SessionService.builder()
            .store(InMemorySessionStore.create())
            .lifetimes(SessionLifetimes.aal2())
            .withoutAccessTokens()
            .clock(host.clock, host.clock.ticker())
            .authoritativeChecks()
            .withoutAuditLog()
            .eventExecutor(Runnable::run)
            .build();
    private final Deliveries deliveries = Deliveries.of(service).build();
    private final Upstream transmitter =
            Upstream.of(host.provider.realm(), host.issuer()).linksOnly().build();
    private final SubjectId alice = new SubjectId(Realm.of("shop"), "alice");

    @AfterEach
    void stop() {
        deliveries.close();
        service.close();
        host.close();
    }

    @Test
    void they_end_by_session_by_subject_and_by_both_and_others_live_on() {
        deliveries.start();
        PushEndpoint push = PushEndpoint.of(receiver()).build();
        host.clock.advance(Duration.ofMinutes(1));
        login("sid-1");
        login("sid-2");
        login("sid-3");
        assertThat(live()).isEqualTo(3);

        push(push, host.sessionRevoked("sid-1"));
        assertThat(live()).isEqualTo(2);
        Map<String, Object> both = new LinkedHashMap<>(Map.of("format", "complex"));
        both.put("user", host.person("their-bob"));
        both.put("session", SignalHost.opaque("sid-2"));
        push(push, host.event(SESSION_REVOKED, both));
        assertThat(live()).as("all given members must match").isEqualTo(2);
        both.put("user", host.person("their-alice"));
        push(push, host.event(SESSION_REVOKED, both));
        assertThat(live()).isEqualTo(1);
        push(push, host.event(SignalHost.RISC + "account-disabled", host.person("their-alice")));
        assertThat(live()).isZero();
    }

    @Test
    void a_token_of_the_transmitter_is_none_of_ours() {
        deliveries.start();
        PushEndpoint push = PushEndpoint.of(receiver()).build();
        host.clock.advance(Duration.ofMinutes(1));
        login("sid-1");

        push(
                push,
                host.event(
                        SignalHost.CAEP + "token-claims-change",
                        Map.of("format", "jwt_id", "iss", host.issuer(), "jti", "t")));

        assertThat(live()).isEqualTo(1);
        assertThat(host.told).extracting(SignalHost.Told::why).containsExactly(SignalListener.Why.OTHER_SUBJECT);
    }

    @Test
    void deliveries_that_do_not_work_are_refused() {
        assertThatIllegalStateException().isThrownBy(this::receiver).withMessageContaining("call start()");
        deliveries.start();
        assertThat(receiver()).isNotNull();
        deliveries.close();
        assertThatIllegalStateException().isThrownBy(this::receiver).withMessageContaining("closed");
    }

    private SecurityEventReceiver receiver() {
        return SecurityEventReceiver.of(
                        deliveries,
                        transmitter,
                        EventTokenVerifier.of(host.provider.eventPolicy().build(), host.clock))
                .listener((token, why) ->
                        host.told.add(new SignalHost.Told(token.event().type(), why)))
                .build();
    }

    private static void push(PushEndpoint endpoint, Draft set) {
        assertThat(SignalHost.push(endpoint, set.compact()).status()).isEqualTo(202);
    }

    private void login(String sid) {
        UpstreamLogin login =
                new UpstreamLogin(transmitter, "their-alice", Optional.of(sid), Optional.of(host.now()), host.now());
        assertThat(service.beginLogin(alice).upstream(login).complete(DeviceInfo.unknown()))
                .isInstanceOf(LoginResult.LoggedIn.class);
    }

    private int live() {
        return service.listSessions(alice, ListQuery.live(ListQuery.MAX_LIMIT))
                .entries()
                .size();
    }
}
