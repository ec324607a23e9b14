package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.KeyRing;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.subject.HeldSession;
import dev.curfew.subject.ScopedSessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The sessions of a client or a realm, for administrators, and how many live. PRV-07. */
class SessionsOfScopeTest {
    private final TestHost host = TestHost.start();
    private final ClientId web = new ClientId(TestHost.REALM, "web");

    private Session login(String name, ClientId client) {
        return host.service
                .beginLogin(host.tokens.subject(name))
                .client(client)
                .complete(DeviceInfo.of("Firefox on Linux"))
                .orElseThrow();
    }

    private static List<HeldSession> walk(Function<ScopeCursor, ScopedSessions> part) {
        List<HeldSession> met = new ArrayList<>();
        Optional<ScopeCursor> next = Optional.of(ScopeCursor.start());
        while (next.isPresent()) {
            ScopedSessions page = part.apply(next.get());
            met.addAll(page.sessions());
            next = page.next();
        }
        return met;
    }

    private static List<SessionHandle> handles(List<HeldSession> sessions) {
        return sessions.stream().map(one -> one.session().handle()).toList();
    }

    private double gauge() {
        Meter meter = host.service.meters().stream()
                .filter(one -> one.name().equals("curfew.sessions.live"))
                .findFirst()
                .orElseThrow();
        return ((Meter.Gauge) meter).value().getAsDouble();
    }

    @Test
    void all_sessions_of_a_client_are_met_with_whose_they_are_and_how_they_ended() {
        List<SessionHandle> expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            expected.add(login("person-" + i, web).handle());
        }
        login("person-1", new ClientId(TestHost.REALM, "other"));
        host.login(host.bob);
        host.service.revokeAllSessions(host.tokens.subject("person-3"), TestHost.BY_ADMIN);

        List<HeldSession> met = walk(from -> host.service.subjects().sessionsOf(web, from, 7));

        assertThat(handles(met)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(met).allSatisfy(one -> assertThat(one.session().client()).contains(web));
        assertThat(met).filteredOn(one -> one.end().isPresent()).singleElement().satisfies(one -> {
            assertThat(one.session().subject()).isEqualTo(host.tokens.subject("person-3"));
            assertThat(one.end().orElseThrow().reason()).isEqualTo(RevocationReason.REVOKED_BY_ADMIN);
        });
    }

    @Test
    void a_realm_has_its_own_sessions_and_no_other_ones() {
        SessionHandle alices = host.login(host.alice).handle();
        SessionHandle bobs = login("bob", web).handle();
        host.service.beginLogin(host.sibling.subject("alice")).complete(DeviceInfo.unknown());

        assertThat(handles(walk(from -> host.service.subjects().sessionsOf(TestHost.REALM, from, 10))))
                .containsExactlyInAnyOrder(alices, bobs);
    }

    @Test
    void what_cannot_be_read_is_counted() {
        SessionService encrypting =
                host.node(host.clock, builder -> builder.encryption(KeyRing.of("old", TestKeys.key(1))));
        encrypting.beginLogin(host.alice).complete(DeviceInfo.unknown());
        SessionService other = host.node(host.clock, builder -> builder.encryption(KeyRing.of("new", TestKeys.key(2))));

        ScopedSessions part = other.subjects().sessionsOf(TestHost.REALM, ScopeCursor.start(), 10);

        assertThat(part.sessions()).isEmpty();
        assertThat(part.unreadable()).isEqualTo(1);
    }

    @Test
    void the_gauge_shows_the_last_count_and_nothing_before_the_first() {
        assertThat(gauge()).isNaN();
        host.login(host.alice);
        host.login(host.bob);
        host.service.logout(host.tokens.of(host.login(host.bob)));

        assertThat(host.service.subjects().countLive()).isEqualTo(2);
        assertThat(gauge()).isEqualTo(2);
        host.clock.advance(Duration.ofHours(25));
        assertThat(gauge()).isEqualTo(2);
        host.store.goDown();
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> host.service.subjects().countLive());
        host.store.recover();

        assertThat(host.service.subjects().countLive()).isZero();
        assertThat(gauge()).isZero();
    }
}
