package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginRefusedException;
import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamLogin;
import dev.curfew.UpstreamOutcome;
import dev.curfew.UpstreamSignal;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import dev.curfew.store.UndecodableRecordException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions of ours that began from a login at a provider, and end with it. */
@Tag("LinkingSessions")
abstract class LinkedSessionsContract extends StoreContract {
    private static final Realm PROVIDER = Realm.of("provider");

    private final Upstream provider =
            Upstream.of(PROVIDER, "https://op.example.com").linksOnly().build();
    private final Upstream other = Upstream.of(Realm.of("other-provider"), "https://other.example.com")
            .linksOnly()
            .build();
    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);
    private final StepOrder order = new StepOrder();
    private final Threads threads = new Threads();
    private final List<SessionService> services = new ArrayList<>();
    private SessionService loginNode;
    private SessionService logoutNode;
    private int numbers;

    LinkedSessionsContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void build() {
        needs(StoreCapability.SHARED_RECORDS);
        SessionStore second = store();
        if (fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)) {
            second = fixture().secondNode();
        }
        loginNode = node(new SteppedStore(store(), order, StepOrder.LOGIN));
        logoutNode = node(new SteppedStore(second, order, StepOrder.LOGOUT));
    }

    @AfterEach
    void close() {
        threads.close();
        services.forEach(SessionService::close);
    }

    /** What a logout names. */
    enum Names {
        SESSION,
        SUBJECT,
        BOTH
    }

    @ParameterizedTest
    @EnumSource
    void no_session_survives_a_logout_in_whatever_order_the_steps_of_both_come(Names names) {
        for (String steps : StepOrder.all()) {
            SubjectId subject = next();
            run(subject, names, steps, Integer.MAX_VALUE, Integer.MAX_VALUE);

            assertThat(live(subject)).as(steps).isEmpty();
        }
    }

    @Test
    void none_survives_where_the_login_dies_after_any_of_its_steps() {
        for (String steps : StepOrder.all()) {
            for (int done = 1; done < 3; done++) {
                SubjectId subject = next();
                run(subject, Names.SESSION, steps, done, Integer.MAX_VALUE);

                assertThat(live(subject)).as(steps + " " + done).isEmpty();
            }
        }
    }

    @Test
    void none_survives_where_the_logout_dies_after_any_of_its_steps_and_comes_again() {
        for (String steps : StepOrder.all()) {
            for (int done = 1; done < 3; done++) {
                SubjectId subject = next();
                run(subject, Names.SESSION, steps, Integer.MAX_VALUE, done);
                end(signal(provider, subject, Names.SESSION));

                assertThat(live(subject)).as(steps + " " + done).isEmpty();
            }
        }
    }

    /** Both at once, each step at its turn. */
    private void run(SubjectId subject, Names names, String steps, int loginDies, int logoutDies) {
        LoginAttempt login = attempt(subject, loginAt(provider, subject, now()));
        UpstreamSignal logout = signal(provider, subject, names);
        order.begin(steps, loginDies, logoutDies);
        threads.atOnce(List.of(
                () -> order.run(StepOrder.LOGIN, () -> login.complete(DeviceInfo.unknown())),
                () -> order.run(StepOrder.LOGOUT, () -> logoutNode.upstreams().end(logout))));
        order.end();
    }

    @ParameterizedTest
    @EnumSource
    void a_session_ends_with_the_login_from_which_it_began_and_every_other_lives_on(Names names) {
        SubjectId subject = next();
        LoginResult.LoggedIn tied = login(subject, loginAt(provider, subject, now()));
        LoginResult.LoggedIn second = login(subject, loginAt(provider, subject, now()));
        LoginResult.LoggedIn ofOther = login(subject, loginAt(other, subject, now()));
        LoginResult.LoggedIn untied =
                (LoginResult.LoggedIn) loginNode.beginLogin(subject).complete(DeviceInfo.unknown());
        SubjectId somebody = next();
        LoginResult.LoggedIn ofSomebody = login(somebody, loginAt(provider, somebody, now()));

        UpstreamOutcome outcome = end(signal(provider, subject, names));

        assertThat(outcome).isEqualTo(new UpstreamOutcome.Ended(2, true));
        assertThat(live(subject)).containsExactlyInAnyOrder(key(ofOther), key(untied));
        assertThat(live(subject)).doesNotContain(key(tied), key(second));
        assertThat(live(somebody)).containsExactly(key(ofSomebody));
    }

    /** More than one page of links, by whichever of them the message names the login. */
    @ParameterizedTest
    @EnumSource
    void all_sessions_of_a_login_end_however_many_began_from_it(Names names) {
        int many = 520;
        SubjectId subject = next();
        UpstreamLogin login = loginAt(provider, subject, now());
        LoginResult.LoggedIn untied =
                (LoginResult.LoggedIn) loginNode.beginLogin(subject).complete(DeviceInfo.unknown());
        for (int i = 0; i < many; i++) {
            login(subject, login);
        }

        UpstreamOutcome outcome = end(signal(provider, subject, names));

        assertThat(outcome).isEqualTo(new UpstreamOutcome.Ended(many, true));
        assertThat(live(subject)).containsExactly(key(untied));
    }

    @Test
    void a_logout_that_names_both_spares_a_session_of_another_subject_with_the_same_id() {
        SubjectId subject = next();
        SubjectId somebody = ofAnotherBucket(subject);
        String sid = "sid-of-both";
        login(subject, login(provider, subject, sid, now()));
        LoginResult.LoggedIn spared = login(somebody, login(provider, somebody, sid, now()));

        end(UpstreamSignal.of(provider, "both")
                .subject(subject.value())
                .session(sid)
                .endedAt(now())
                .build());

        assertThat(live(subject)).isEmpty();
        assertThat(live(somebody)).containsExactly(key(spared));
    }

    @ParameterizedTest
    @EnumSource
    void a_login_that_had_ended_at_the_provider_is_overtaken_and_a_later_one_with_the_same_id_is_not(Names names) {
        SubjectId subject = next();
        Instant ended = now();
        end(signal(provider, subject, names));
        clock.advance(Duration.ofSeconds(10));

        assertThat(attempt(subject, loginAt(provider, subject, ended)).complete(DeviceInfo.unknown()))
                .isInstanceOf(LoginResult.Overtaken.class);
        LoginResult.LoggedIn later = login(subject, loginAt(provider, subject, now()));

        assertThat(live(subject)).containsExactly(key(later));
        assertThat(end(signal(provider, subject, names, ended))).isEqualTo(new UpstreamOutcome.Ended(0, false));
        assertThat(live(subject)).containsExactly(key(later));
    }

    @Test
    void where_there_is_no_auth_time_the_id_tokens_own_instant_counts() {
        SubjectId subject = next();
        UpstreamLogin login = new UpstreamLogin(
                provider, subject.value(), Optional.of("sid-" + subject.value()), Optional.empty(), now());
        login(subject, login);

        end(signal(provider, subject, Names.SESSION));
        clock.advance(Duration.ofSeconds(10));

        assertThat(live(subject)).isEmpty();
        UpstreamLogin again = new UpstreamLogin(
                provider, subject.value(), Optional.of("sid-" + subject.value()), Optional.empty(), now());
        login(subject, again);
        assertThat(live(subject)).hasSize(1);
    }

    @Test
    void after_a_day_what_the_provider_said_is_forgotten_and_our_session_stays_ended() {
        SubjectId subject = next();
        LoginResult.LoggedIn tied = login(subject, loginAt(provider, subject, now()));
        UpstreamLogin old = loginAt(provider, subject, now());
        end(signal(provider, subject, Names.SESSION));

        clock.advance(Duration.ofHours(23));
        assertThat(attempt(subject, old).complete(DeviceInfo.unknown())).isInstanceOf(LoginResult.Overtaken.class);
        clock.advance(Duration.ofHours(1));

        assertThat(live(subject)).isEmpty();
        assertThat(store().find(tied.session().ref(), now()).orElseThrow().isLive(now()))
                .isFalse();
        LoginAttempt late = attempt(subject, old);
        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(() -> late.complete(DeviceInfo.unknown()))
                .withMessageContaining("ID token is older than 24 hours");
        assertThat(live(subject)).isEmpty();
    }

    @Test
    void what_the_provider_said_is_remembered_for_as_long_as_an_older_id_token_is_taken() {
        SubjectId subject = next();
        UpstreamLogin old = loginAt(provider, subject, now());
        end(signal(provider, subject, Names.SESSION, now().plus(Duration.ofMinutes(5))));

        clock.advance(Duration.ofDays(1).minusMillis(1));

        assertThat(attempt(subject, old).complete(DeviceInfo.unknown())).isInstanceOf(LoginResult.Overtaken.class);
    }

    @Test
    void a_token_that_outlives_its_session_ends_with_the_login_at_the_provider_too() {
        SubjectId subject = next();
        LoginResult.LoggedIn tied = (LoginResult.LoggedIn) attempt(subject, loginAt(provider, subject, now()))
                .lifetimes(SessionLifetimes.of(Duration.ofHours(1), Duration.ofHours(1)))
                .complete(DeviceInfo.unknown());
        clock.advance(Duration.ofMinutes(59));
        VerifiedToken token = tokens.of(tied.session());
        clock.advance(Duration.ofMinutes(2));
        assertThat(loginNode.checker().check(token).outcome()).isEqualTo(Outcome.ACTIVE);

        end(signal(provider, subject, Names.SESSION));

        assertThat(loginNode.checker().check(token).outcome()).isEqualTo(Outcome.REVOKED);
    }

    @Test
    void a_logout_that_meets_a_link_under_a_key_that_is_gone_ends_the_sessions_of_all_others_and_fails() {
        SubjectId subject = next();
        LoginResult.LoggedIn unreadable = (LoginResult.LoggedIn) node(store(), "before")
                .beginLogin(subject)
                .upstream(loginAt(provider, subject, now()))
                .complete(DeviceInfo.unknown());
        login(subject, loginAt(provider, subject, now()));
        login(subject, loginAt(provider, subject, now()));

        assertThatExceptionOfType(UndecodableRecordException.class)
                .isThrownBy(() -> end(signal(provider, subject, Names.SESSION)))
                .withMessageContaining("1 link");

        assertThat(live(subject)).containsExactly(key(unreadable));
    }

    @Test
    void a_link_under_a_key_that_is_gone_keeps_nobody_from_ending_all_of_the_subject() {
        Upstream whole = Upstream.of(Realm.of("whole-provider"), "https://whole.example.com")
                .linksOnly()
                .endsAllOfSubject()
                .build();
        SubjectId subject = next();
        LoginResult.LoggedIn unreadable = (LoginResult.LoggedIn) node(store(), "before")
                .beginLogin(subject)
                .upstream(loginAt(whole, subject, now()))
                .complete(DeviceInfo.unknown());
        login(subject, login(whole, subject, "another sid", now()));

        assertThatExceptionOfType(UndecodableRecordException.class)
                .isThrownBy(() -> end(signal(whole, subject, Names.BOTH)));

        assertThat(live(subject)).containsExactly(key(unreadable));
    }

    private SubjectId next() {
        return Given.subject("person-" + numbers++);
    }

    /** Whom a logout that names both can tell from another subject. */
    private SubjectId ofAnotherBucket(SubjectId subject) {
        SubjectId found = next();
        while (bucket(found) == bucket(subject)) {
            found = next();
        }
        return found;
    }

    private static int bucket(SubjectId subject) {
        return new SubjectId(PROVIDER, subject.value()).key().bucket();
    }

    private LoginAttempt attempt(SubjectId subject, UpstreamLogin login) {
        return loginNode.beginLogin(subject).upstream(login);
    }

    private LoginResult.LoggedIn login(SubjectId subject, UpstreamLogin login) {
        return (LoginResult.LoggedIn) attempt(subject, login).complete(DeviceInfo.unknown());
    }

    private static UpstreamLogin loginAt(Upstream at, SubjectId subject, Instant authTime) {
        return login(at, subject, "sid-" + subject.value(), authTime);
    }

    private static UpstreamLogin login(Upstream at, SubjectId subject, String sid, Instant authTime) {
        return new UpstreamLogin(at, subject.value(), Optional.of(sid), Optional.of(authTime), authTime);
    }

    private UpstreamSignal signal(Upstream of, SubjectId subject, Names names) {
        return signal(of, subject, names, now());
    }

    private static UpstreamSignal signal(Upstream of, SubjectId subject, Names names, Instant at) {
        UpstreamSignal.Builder signal =
                UpstreamSignal.of(of, names + " " + subject.value()).endedAt(at);
        if (names != Names.SUBJECT) {
            signal.session("sid-" + subject.value());
        }
        if (names != Names.SESSION) {
            signal.subject(subject.value());
        }
        return signal.build();
    }

    private UpstreamOutcome end(UpstreamSignal signal) {
        return logoutNode.upstreams().end(signal);
    }

    private static LookupKey key(LoginResult.LoggedIn login) {
        return login.session().ref().key();
    }

    private SessionService node(SessionStore store) {
        return node(store, "test");
    }

    private SessionService node(SessionStore store, String ring) {
        SessionService service = SessionService.builder()
                .store(store)
                .encryption(TestKeys.ring(ring))
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
