package dev.curfew.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.contract.ManualClock;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.testkit.EventRecorder;
import dev.curfew.testkit.TestIssuer;
import dev.curfew.testkit.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code that makes the service is tested with the parts of the kit. */
class ShopSetUpTest {
    private final ManualClock clock = ManualClock.at(Instant.parse("2030-01-01T12:00:00Z"));
    private final TestStore store = TestStore.over(InMemorySessionStore.create(), clock);
    private final TestIssuer issuer = TestIssuer.of(Realm.of("shop"), "https://shop.example.com", "shop-api", clock);
    private final EventRecorder mails = EventRecorder.create();

    @Test
    void the_fourth_device_ends_the_first() {
        try (SessionService sessions = ShopSetUp.sessions(store, issuer.policy(), clock, mails)) {
            SubjectId alice = new SubjectId(issuer.realm(), "alice");
            List<Session> begun = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clock.advance(Duration.ofMinutes(1));
                begun.add(sessions.beginLogin(alice)
                        .complete(DeviceInfo.unknown())
                        .orElseThrow());
            }

            assertThat(mails.await(SessionEnded.class).session())
                    .isEqualTo(begun.get(0).handle());
        }
    }
}
