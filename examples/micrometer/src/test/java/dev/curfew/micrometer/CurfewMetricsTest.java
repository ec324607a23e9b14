package dev.curfew.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testkit.TestCurfew;
import dev.curfew.testkit.TestSession;
import dev.curfew.token.VerifiedToken;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Curfew's meters as a registry shows them. */
class CurfewMetricsTest {
    private final TestCurfew curfew = TestCurfew.start();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        curfew.close();
    }

    @Test
    void counters_timers_and_gauges_show_what_the_service_did() {
        new CurfewMetrics(curfew.sessions().meters()).bindTo(registry);
        new CurfewMetrics(curfew.verifier().meters()).bindTo(registry);
        VerifiedToken token = curfew.login("alice").caller();
        curfew.checker().check(token);
        curfew.sessions().logout(token);
        curfew.checker().check(token);

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
        new CurfewMetrics(curfew.sessions().meters()).bindTo(registry);
        new CurfewMetrics(curfew.verifier().meters()).bindTo(registry);
        TestSession alice = curfew.login("alice").logOut();

        assertThat(registry.getMeters())
                .isNotEmpty()
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .noneMatch(value -> value.contains("alice"))
                .noneMatch(value -> value.contains(alice.handle()));
    }

    @Test
    void a_registry_keeps_what_it_reads() {
        WeakReference<CurfewMetrics> binder =
                new WeakReference<>(new CurfewMetrics(curfew.sessions().meters()));
        CurfewMetrics bound = binder.get();
        assertThat(bound).isNotNull();
        bound.bindTo(registry);
        bound = null;
        for (int i = 0; i < 100 && binder.get() != null; i++) {
            System.gc();
        }
        curfew.login("alice");

        assertThat(registry.get("curfew.sessions.begun").functionCounter().count())
                .isEqualTo(1);
    }
}
