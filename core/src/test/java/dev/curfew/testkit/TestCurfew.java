package dev.curfew.testkit;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.contract.ManualClock;
import dev.curfew.http.RequestFilter;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.token.TokenVerifier;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Curfew for the tests of a host: a real service, verifier and endpoints over a {@link TestStore}, an issuer of real
 * tokens, and a clock that stands still. To be closed at the end of each test. Thread-safe, except that one thread at a
 * time plays the part of the test: moves the clock, breaks the store and mends it.
 *
 * <pre>{@code
 * try (TestCurfew curfew = TestCurfew.start()) {
 *     TestSession alice = curfew.login("alice");
 *     curfew.revoke(alice);
 *     assertThat(curfew.checker().check(alice.caller()).permits()).isFalse();
 * }
 * }</pre>
 *
 * <p>It begins as a host does by default: checks are answered from the node's replica of the revocations, so that a
 * store that fails is noticed once that is older than 5 seconds. Events are told, and signs of life written, before the
 * call that caused them returns. The store was installed a minute ago.
 */
public final class TestCurfew implements AutoCloseable {
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final ManualClock clock;
    private final TestStore store;
    private final TestIssuer issuer;
    private final EventRecorder events = EventRecorder.create();
    private final TokenVerifier verifier;
    private final SessionService sessions;
    private final SessionEndpoints endpoints;
    private final RequestFilter filter;

    TestCurfew(TestCurfewBuilder settings) {
        this.clock = settings.clock();
        this.store = settings.store(clock);
        this.issuer = settings.issuer(clock);
        this.verifier = TokenVerifier.builder(issuer.policy()).clock(clock).build();
        this.sessions = settings.service(SessionService.builder()
                .store(store)
                .tokenPolicies(issuer.policy())
                .clock(clock, clock.ticker())
                .listener(events)
                .eventExecutor(Runnable::run));
        this.endpoints = settings.endpoints(
                SessionEndpoints.builder().service(sessions).verifier(verifier).clock(clock));
        this.filter = settings.filter(RequestFilter.builder(endpoints));
        // Beyond the birth of the store, before which nobody's login counts.
        advance(Duration.ofMinutes(1));
    }

    /** {@return one with the settings that a host has by default} */
    public static TestCurfew start() {
        return builder().start();
    }

    /** {@return the settings of one, to be changed} */
    public static TestCurfewBuilder builder() {
        return new TestCurfewBuilder();
    }

    /** {@return the service, to be handed to the code under test; the same at each call} */
    public SessionService sessions() {
        return sessions;
    }

    /** {@return the verifier that trusts the {@link #issuer()}} */
    public TokenVerifier verifier() {
        return verifier;
    }

    /** {@return the checker of the service} */
    public TokenRevocationChecker checker() {
        return sessions.checker();
    }

    /** {@return Curfew's endpoints, and the authentication of the host's own resources} */
    public SessionEndpoints endpoints() {
        return endpoints;
    }

    /** {@return the filter in front of the host's resources} */
    public RequestFilter filter() {
        return filter;
    }

    /** {@return the clock of everything here; {@link #advance} is the usual way to move it} */
    public ManualClock clock() {
        return clock;
    }

    /** {@return the store, which can be told to fail, to hang, to be slow, or to lose its answers} */
    public TestStore store() {
        return store;
    }

    /** {@return who signs the tokens, right and wrong ones} */
    public TestIssuer issuer() {
        return issuer;
    }

    /** {@return what the service has told its listeners since the start} */
    public EventRecorder events() {
        return events;
    }

    /** {@return the realm of all subjects here} */
    public Realm realm() {
        return issuer.realm();
    }

    /**
     * A person of the realm.
     *
     * @param name as it stands in the {@code sub} of tokens
     * @return the subject
     */
    public SubjectId subject(String name) {
        return new SubjectId(realm(), name);
    }

    /**
     * Begins a session, on Firefox on Linux. A millisecond passes, so that sessions have one order.
     *
     * @param subject who logs in
     * @return the session
     * @throws dev.curfew.LoginRefusedException if the settings refuse it
     */
    public TestSession login(String subject) {
        return login(subject, attempt -> attempt);
    }

    /**
     * Begins a session, for example with a session token: {@code login("alice", LoginAttempt::withSessionToken)}.
     *
     * @param subject who logs in
     * @param wishes what the host does between the begin of the login and its end
     * @return the session, with its credential if it has one
     * @throws dev.curfew.LoginRefusedException if the settings refuse it
     */
    public TestSession login(String subject, UnaryOperator<LoginAttempt> wishes) {
        clock.advance(Duration.ofMillis(1));
        LoginAttempt attempt = wishes.apply(sessions.beginLogin(subject(subject)));
        var result = attempt.complete(DeviceInfo.of("Firefox on Linux"));
        return result instanceof LoggedIn loggedIn
                ? new TestSession(this, loggedIn.session(), loggedIn.token())
                : new TestSession(this, result.orElseThrow(), Optional.empty());
    }

    /**
     * Calls as somebody who has a session, with a new access token.
     *
     * @param session whose
     * @return a client
     */
    public TestClient callAs(TestSession session) {
        return callAs(session.token());
    }

    /**
     * Calls with a bearer token.
     *
     * @param token in whatever state; a session token as well, if the endpoints take them
     * @return a client
     */
    public TestClient callAs(String token) {
        return anonymous().header("Authorization", "Bearer " + token);
    }

    /** {@return a client without a credential} */
    public TestClient anonymous() {
        return TestClient.of(filter);
    }

    /**
     * Lets time pass. Meanwhile this node has polled its store, as it does every second, unless the store does not
     * answer.
     *
     * @param time how much
     */
    public void advance(Duration time) {
        clock.advance(time);
        if (store.answersFeed()) {
            catchUp();
        }
    }

    /**
     * Has an administrator end a session: checks of its tokens are REVOKED from now on.
     *
     * @param session which
     */
    public void revoke(TestSession session) {
        session.end(RevocationReason.REVOKED_BY_ADMIN);
    }

    /**
     * Has an administrator end all of somebody's sessions, with their tokens and with logins under way.
     *
     * @param subject whose
     */
    public void revokeAll(String subject) {
        sessions.revokeAllSessions(subject(subject), byAdmin(RevocationReason.REVOKED_BY_ADMIN));
    }

    /** Has an administrator end everybody's sessions: all tokens until now are REVOKED. */
    public void revokeAll() {
        sessions.revokeRealm(realm(), byAdmin(RevocationReason.REVOKED_BY_ADMIN));
    }

    /**
     * Makes checks UNKNOWN for everybody who is not revoked: the store fails, and so much time passes that this node's
     * replica of it is older than it may be. What is revoked stays REVOKED as far as this node knows.
     *
     * <p>{@link #recover} makes them ACTIVE again.
     */
    public void unknown() {
        store.fail();
        sessions.replica().ifPresent(replica -> {
            // A read that was under way has ended when this one has failed.
            replica.catchUp(TestCurfewBuilder.PATIENCE);
            while (replica.isFresh()) {
                clock.advance(A_SECOND);
            }
        });
    }

    /**
     * Makes checks of one session UNKNOWN, and of no other: the store does not answer questions about it, as where one
     * part of a store is down, and this node has met an entry that it cannot read, so that it asks the store each time.
     * No time passes.
     *
     * <p>{@link #recover} makes them ACTIVE again, and this node follows its store again after 30 seconds.
     *
     * @param session which
     */
    public void unknown(TestSession session) {
        store.failFor(session.session());
        sessions.replica()
                .ifPresent(replica -> Waiting.until(
                        () -> {
                            replica.catchUp(TestCurfewBuilder.PATIENCE);
                            return !replica.isFollowing();
                        },
                        "this node did not meet what it cannot read"));
    }

    /**
     * Lets the store work again, and this node catch up with it: whoever is not revoked is ACTIVE. Calls that hang go
     * on. As in production, this node then records the logouts that the store had not answered.
     */
    public void recover() {
        store.recover();
        catchUp();
    }

    /** Ends the service, after letting go what hangs. */
    @Override
    public void close() {
        store.recover();
        sessions.close();
    }

    static RevocationCause byAdmin(RevocationReason reason) {
        return RevocationCause.byAdmin(reason, "test-admin");
    }

    /**
     * After a failure the node pauses for some real milliseconds, in which it reads nothing; then it records what the
     * store had not answered. One read more begins when its events were told, too.
     */
    private void catchUp() {
        sessions.replica()
                .ifPresent(replica -> Waiting.until(
                        () -> !replica.isFollowing()
                                || replica.catchUp(TestCurfewBuilder.PATIENCE)
                                        && (!store.isWell()
                                                || replica.status().unrecorded() == 0
                                                        && replica.catchUp(TestCurfewBuilder.PATIENCE)),
                        "this node did not catch up with its store"));
    }
}
