package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamLogin;
import dev.curfew.UpstreamSignal;
import dev.curfew.deliver.Deliveries;
import dev.curfew.deliver.DeliveryTurns;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a node that died has left undone of a provider's logout is done by another one, out of the feed. */
@Tag("Delivering")
abstract class DeliveriesContract extends StoreContract {
    private static final Duration TAKEOVER = Duration.ofSeconds(30).plus(Given.SETTINGS.nodeSkew());

    private static final Realm PROVIDER = Realm.of("provider");

    private final Upstream provider =
            Upstream.of(PROVIDER, "https://op.example.com").linksOnly().build();
    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);
    private final StepOrder order = new StepOrder();
    private final Threads threads = new Threads();
    private final List<SessionService> services = new ArrayList<>();
    private SessionService loginNode;
    private SessionService logoutNode;
    private Deliveries first;
    private Deliveries second;
    private int numbers;

    DeliveriesContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void build() {
        needs(StoreCapability.SHARED_RECORDS);
        SessionStore other = fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)
                ? opened(fixture().secondNode())
                : store();
        loginNode = node(new SteppedStore(store(), order, StepOrder.LOGIN));
        logoutNode = node(new SteppedStore(other, order, StepOrder.LOGOUT));
        first = Deliveries.of(node(store())).build();
        second = Deliveries.of(node(other)).build();
    }

    @AfterEach
    void close() {
        threads.close();
        services.forEach(SessionService::close);
    }

    @Test
    void none_survives_where_the_logout_dies_after_any_of_its_steps_and_never_comes_again() {
        for (String steps : StepOrder.all()) {
            for (int done = 1; done < 3; done++) {
                SubjectId subject = next();
                LoginAttempt login = attempt(subject);
                UpstreamSignal logout = signal(subject);
                int dies = done;
                order.begin(steps, Integer.MAX_VALUE, dies);
                threads.atOnce(List.of(
                        () -> order.run(StepOrder.LOGIN, () -> login.complete(DeviceInfo.unknown())),
                        () -> order.run(
                                StepOrder.LOGOUT, () -> logoutNode.upstreams().end(logout))));
                order.end();

                DeliveryTurns.untilRest(first);

                assertThat(live(subject)).as(steps + " " + done).isEmpty();
            }
        }
    }

    @Test
    void what_one_node_had_begun_another_goes_on_with_and_sessions_of_other_logins_live_on() {
        SubjectId subject = next();
        SubjectId somebody = next();
        login(subject);
        login(subject);
        LookupKey spared = login(somebody);
        DeliveryTurns.untilRest(first);
        endAndDie(subject);
        clock.advance(TAKEOVER);

        DeliveryTurns.untilRest(second);

        assertThat(live(subject)).isEmpty();
        assertThat(live(somebody)).containsExactly(spared);
        assertThat(second.status().isHolder()).isTrue();
        endAndDie(somebody);
        assertThat(DeliveryTurns.untilRest(first)).isEqualTo(Duration.ofSeconds(10));
        assertThat(live(somebody)).containsExactly(spared);
        DeliveryTurns.untilRest(second);
        assertThat(live(somebody)).isEmpty();
    }

    @Test
    void a_store_that_was_restarted_or_has_purged_loses_nothing_of_what_is_left() {
        SubjectId subject = next();
        login(subject);
        DeliveryTurns.untilRest(first);
        for (int i = 0; i < 30; i++) {
            SubjectId other = next();
            login(other);
            logoutNode.upstreams().end(signal(other));
        }
        endAndDie(subject);
        clock.advance(Duration.ofHours(3));
        store().purge(now(), 10_000);

        DeliveryTurns.untilRest(second);

        assertThat(live(subject)).isEmpty();
    }

    @Test
    void what_is_left_among_more_entries_than_one_page_has_is_found() {
        SubjectId subject = next();
        login(subject);
        fill(300);
        endAndDie(subject);
        fill(300);

        DeliveryTurns.untilRest(first);

        assertThat(live(subject)).isEmpty();
        assertThat(first.status().behind()).contains(Duration.ZERO);
    }

    private void fill(int entries) {
        for (int i = 0; i < entries; i++) {
            logoutNode.revokeAllSessions(next(), RevocationCause.byUser(RevocationReason.REVOKED_BY_USER));
        }
    }

    @Test
    void a_logout_that_names_both_spares_a_session_of_another_subject_with_the_same_id() {
        SubjectId subject = next();
        SubjectId somebody = next();
        while (bucket(somebody) == bucket(subject)) {
            somebody = next();
        }
        String sid = "sid-of-both";
        login(subject, sid);
        LookupKey spared = login(somebody, sid);
        endAndDie(UpstreamSignal.of(provider, "both")
                .subject(subject.value())
                .session(sid)
                .endedAt(now())
                .build());

        DeliveryTurns.untilRest(first);

        assertThat(live(subject)).isEmpty();
        assertThat(live(somebody)).containsExactly(spared);
    }

    private static int bucket(SubjectId subject) {
        return new SubjectId(PROVIDER, subject.value()).key().bucket();
    }

    @Test
    void a_lane_that_has_caught_up_meets_no_entry_twice() {
        for (int i = 0; i < 20; i++) {
            SubjectId subject = next();
            login(subject);
            logoutNode.upstreams().end(signal(subject));
        }
        DeliveryTurns.untilRest(first);
        SubjectId left = next();
        login(left);
        endAndDie(left);
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofSeconds(1));
            DeliveryTurns.untilRest(first);
            assertThat(live(left)).isEmpty();
            assertThat(first.status().behind()).contains(Duration.ZERO);
        }
    }

    private void endAndDie(SubjectId subject) {
        endAndDie(signal(subject));
    }

    private void endAndDie(UpstreamSignal signal) {
        order.begin("OOOLLL", 0, 1);
        threads.atOnce(List.of(
                () -> order.run(StepOrder.LOGIN, () -> "nothing"),
                () -> order.run(StepOrder.LOGOUT, () -> logoutNode.upstreams().end(signal))));
        order.end();
    }

    private SubjectId next() {
        return Given.subject("person-" + numbers++);
    }

    private LoginAttempt attempt(SubjectId subject) {
        return attempt(subject, "sid-" + subject.value());
    }

    private LoginAttempt attempt(SubjectId subject, String sid) {
        return loginNode
                .beginLogin(subject)
                .upstream(new UpstreamLogin(provider, subject.value(), Optional.of(sid), Optional.of(now()), now()));
    }

    private LookupKey login(SubjectId subject) {
        return login(subject, "sid-" + subject.value());
    }

    private LookupKey login(SubjectId subject, String sid) {
        return ((LoginResult.LoggedIn) attempt(subject, sid).complete(DeviceInfo.unknown()))
                .session()
                .ref()
                .key();
    }

    private UpstreamSignal signal(SubjectId subject) {
        return UpstreamSignal.of(provider, "end of " + subject.value())
                .session("sid-" + subject.value())
                .endedAt(now())
                .build();
    }

    private SessionService node(SessionStore store) {
        SessionService service = SessionService.builder()
                .store(store)
                .encryption(TestKeys.ring("test"))
                .lifetimes(SessionLifetimes.aal1())
                .tokenPolicies(tokens.policy())
                .clock(clock, clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .eventExecutor(Runnable::run)
                .build();
        services.add(service);
        return service;
    }
}
