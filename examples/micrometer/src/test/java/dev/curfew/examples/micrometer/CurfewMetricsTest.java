package dev.curfew.examples.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.contract.TestTokens;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Curfew's meters as a registry shows them. */
class CurfewMetricsTest {
    private final TestTokens tokens = TestTokens.ours(Realm.of("shop"), Clock.systemUTC());
    private final TokenVerifier verifier = TokenVerifier.of(tokens.policy());
    private final SessionService sessions = SessionService.builder()
            .store(InMemorySessionStore.create())
            .lifetimes(SessionLifetimes.aal2())
            .tokenPolicies(tokens.policy())
            .trustTokensOlderThanStore()
            .build();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        sessions.close();
    }

    private VerifiedToken login() {
        return tokens.of(sessions.beginLogin(tokens.subject("alice"))
                .complete(DeviceInfo.unknown())
                .orElseThrow());
    }

    @Test
    void counters_timers_and_gauges_show_what_the_service_did() {
        new CurfewMetrics(sessions.meters()).bindTo(registry);
        new CurfewMetrics(verifier.meters()).bindTo(registry);
        VerifiedToken token = login();
        sessions.checker().check(token);
        sessions.logout(token);
        sessions.checker().check(token);

        assertThat(registry.get("curfew.checks")
                        .tags("outcome", "active", "source", "index")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("curfew.revocations")
                        .tags("reason", "user_logout", "target", "session")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("curfew.store.calls")
                        .tags("call", "revoke")
                        .functionTimer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("curfew.index.entries").gauge().value()).isPositive();
        assertThat(registry.get("curfew.index.age").gauge().getId().getBaseUnit())
                .isEqualTo("seconds");
        assertThat(registry.find("curfew.verifier.cache").functionCounters()).hasSize(2);
    }

    @Test
    void no_label_tells_a_subject_or_an_id() {
        new CurfewMetrics(sessions.meters()).bindTo(registry);
        new CurfewMetrics(verifier.meters()).bindTo(registry);
        VerifiedToken token = login();
        sessions.logout(token);

        assertThat(registry.getMeters())
                .isNotEmpty()
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .noneMatch(value -> value.contains("alice"))
                .noneMatch(value ->
                        value.contains(token.session().orElseThrow().handle().value()));
    }

    @Test
    void a_registry_keeps_what_it_reads() {
        WeakReference<CurfewMetrics> binder = new WeakReference<>(new CurfewMetrics(sessions.meters()));
        CurfewMetrics bound = binder.get();
        assertThat(bound).isNotNull();
        bound.bindTo(registry);
        bound = null;
        for (int i = 0; i < 100 && binder.get() != null; i++) {
            System.gc();
        }
        login();

        assertThat(registry.get("curfew.sessions.created").functionCounter().count())
                .isEqualTo(1);
    }
}
