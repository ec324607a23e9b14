package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.KeyRing;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.subject.HeldSession;
import dev.curfew.subject.SessionEnd;
import dev.curfew.subject.SubjectExport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** All that is held on somebody. PRV-05, SES-10. */
class SubjectExportTest {
    private final TestHost host = TestHost.start();

    private SubjectExport export() {
        return host.service.subjects().exportSubject(host.alice);
    }

    private Optional<SessionEnd> endOf(Session session) {
        return export().sessions().stream()
                .filter(one -> one.session().handle().equals(session.handle()))
                .findFirst()
                .orElseThrow()
                .end();
    }

    @Test
    void everything_of_a_session_is_there_and_no_secret() {
        LoginResult login = host.service
                .beginLogin(host.alice)
                .attributes(Map.of("country", "ES"))
                .evidence("mfa", Set.of("pwd", "otp"))
                .withSessionToken()
                .complete(DeviceInfo.of("Firefox on Linux").withAddress("203.0.113.0/24"));
        Session session = login.orElseThrow();
        host.service.subjects().rename(host.tokens.of(session), session.handle().value(), "Work laptop");
        host.store.takeCalls();

        SubjectExport export = export();

        assertThat(host.store.takeCalls()).containsExactly("list");
        assertThat(export.subject()).isEqualTo(host.alice);
        assertThat(export.at()).isEqualTo(host.now());
        assertThat(export.unreadable()).isZero();
        assertThat(export.next()).isEmpty();
        HeldSession held = export.sessions().get(0);
        assertThat(held.isReadable()).isTrue();
        assertThat(held.end()).isEmpty();
        assertThat(held.session().label()).contains("Work laptop");
        assertThat(held.session().attributes()).isEqualTo(Map.of("country", "ES"));
        assertThat(held.session().device().address()).contains("203.0.113.0/24");
        assertThat(held.session().evidence()).isEqualTo(session.evidence());
        assertThat(held.session().credential()).isEqualTo(session.credential()).isPresent();
        assertThat(held.session().expiresAt()).isEqualTo(session.expiresAt());
    }

    @Test
    void of_an_ended_session_it_tells_when_why_and_by_whom() {
        Session revoked = host.login(host.alice);
        Session shorter = host.service
                .beginLogin(host.alice)
                .lifetimes(SessionLifetimes.of(Duration.ofMinutes(10), Duration.ofMinutes(10)))
                .complete(DeviceInfo.unknown())
                .orElseThrow();
        Instant revokedAt = host.now();
        host.service.revokeSession(host.alice, revoked.handle(), TestHost.BY_ADMIN);
        Session live = host.login(host.alice);
        host.clock.advance(Duration.ofMinutes(20));

        assertThat(endOf(revoked))
                .contains(new SessionEnd(
                        revokedAt, RevocationReason.REVOKED_BY_ADMIN, Optional.of(Actor.admin("admin-7"))));
        assertThat(endOf(shorter))
                .contains(new SessionEnd(shorter.expiresAt(), RevocationReason.EXPIRED, Optional.empty()));
        assertThat(endOf(live)).isEmpty();
    }

    @Test
    void many_sessions_come_in_pages_each_session_once() {
        List<SessionHandle> all = new ArrayList<>();
        for (int i = 0; i < 1_001; i++) {
            host.clock.advance(Duration.ofMillis(1));
            all.add(0, host.login(host.alice).handle());
        }
        host.login(host.bob);

        List<SessionHandle> met = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        SubjectExport page = export();
        Optional<SessionCursor> next;
        do {
            page.sessions().forEach(one -> met.add(one.session().handle()));
            sizes.add(page.sessions().size());
            next = page.next();
            if (next.isPresent()) {
                page = host.service.subjects().exportSubject(host.alice, next.get());
            }
        } while (next.isPresent());

        assertThat(met).isEqualTo(all);
        assertThat(sizes).startsWith(500, 500, 1);
    }

    @Test
    void what_cannot_be_read_is_flagged_or_counted_and_not_left_out_silently() {
        SessionService encrypting =
                host.node(host.clock, builder -> builder.encryption(KeyRing.of("old", TestKeys.key(1))));
        Session ours = encrypting
                .beginLogin(host.alice)
                .complete(DeviceInfo.of("Firefox on Linux"))
                .orElseThrow();
        encrypting.adopt(host.partner.draft("carol").with("sid", "idp-1").verified(), DeviceInfo.unknown());
        SessionService other = host.node(host.clock, builder -> builder.encryption(KeyRing.of("new", TestKeys.key(2))));

        SubjectExport export = other.subjects().exportSubject(host.alice);
        assertThat(export.sessions()).singleElement().satisfies(held -> {
            assertThat(held.isReadable()).isFalse();
            assertThat(held.session().handle()).isEqualTo(ours.handle());
            assertThat(held.session().device()).isEqualTo(DeviceInfo.unknown());
        });

        SubjectExport foreign = other.subjects().exportSubject(host.partner.subject("carol"));
        assertThat(foreign.sessions()).isEmpty();
        assertThat(foreign.unreadable()).isEqualTo(1);
    }

    @Test
    void an_outage_is_one_and_not_an_empty_page() {
        host.store.goDown();

        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(this::export);
    }
}
