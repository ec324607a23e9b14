package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SessionsOfScope;
import dev.curfew.store.SubjectErasure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Walking through the sessions of a client or a realm, by stores that can. */
@Tag("WalkingScopes")
abstract class SessionsOfScopeContract extends StoreContract {
    private static final int TOO_MANY_PAGES = 100_000;
    private static final Duration TICK = Duration.ofMillis(1);
    private static final ClientId WEB = Given.client("web");
    private static final ClientId APP = Given.client("app");
    private static final RevocationTarget OF_WEB = RevocationTarget.client(WEB);
    private static final RevocationTarget OF_REALM = RevocationTarget.realm(Given.REALM);

    SessionsOfScopeContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.SESSIONS_OF_SCOPE);
    }

    private SessionsOfScope scopes() {
        return store().ability(SessionsOfScope.class).orElseThrow();
    }

    private List<FoundSession> walk(RevocationTarget scope, int limit) {
        return walk(scope, limit, () -> {});
    }

    /** Does something between each two pages that are not both empty. */
    private List<FoundSession> walk(RevocationTarget scope, int limit, Runnable between) {
        List<FoundSession> met = new ArrayList<>();
        ScopeCursor place = ScopeCursor.start();
        for (int pages = 0; pages < TOO_MANY_PAGES; pages++) {
            ScopePage page = scopes().sessionsOf(scope, place, limit, now());
            assertThat(page.sessions()).hasSizeLessThanOrEqualTo(limit);
            met.addAll(page.sessions());
            if (page.next().isEmpty()) {
                return met;
            }
            assertThat(page.next()).as("a page that leads nowhere").isNotEqualTo(Optional.of(place));
            place = page.next().get();
            if (!page.sessions().isEmpty()) {
                between.run();
            }
        }
        throw new AssertionError("a walk without end");
    }

    private GivenSession loggedIn(SubjectId subject, ClientId client) {
        return insert(session(subject).client(client).build());
    }

    private List<GivenSession> sessionsOfWeb(int count) {
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Some subjects have several sessions, which lie together in some stores.
            sessions.add(loggedIn(Given.subject("subject-" + i % 5), WEB));
        }
        return sessions;
    }

    private static LookupKey[] keysOfAll(List<GivenSession> sessions) {
        return keys(sessions.toArray(GivenSession[]::new));
    }

    @Test
    void of_an_empty_store_nothing_is_met() {
        assertThat(walk(OF_WEB, 10)).isEmpty();
        assertThat(walk(OF_REALM, 10)).isEmpty();
    }

    @Test
    void each_session_of_a_client_is_met_once_as_it_stands_whatever_the_size_of_the_pages() {
        List<GivenSession> sessions = sessionsOfWeb(11);
        sessions.add(insert(session(alice).client(WEB).foreign("idp-1").build()));
        sessions.add(insert(session(alice)
                .client(WEB)
                .secret("s")
                .credential(new byte[] {7})
                .payload(new byte[] {9, 9})
                .build()));

        for (int limit = 1; limit <= sessions.size() + 1; limit++) {
            List<FoundSession> met = walk(OF_WEB, limit);
            assertThat(keysOf(met)).as("limit %s", limit).containsExactlyInAnyOrder(keysOfAll(sessions));
            assertThat(met).allSatisfy(found -> {
                GivenSession session = sessions.stream()
                        .filter(one -> one.row().key().equals(found.session().key()))
                        .findFirst()
                        .orElseThrow();
                assertThat(found.session().isSameAs(session.row())).isTrue();
                assertThat(found.coveredBy()).isEmpty();
            });
        }
        assertThat(walk(OF_WEB, SessionsOfScope.MAX_LIMIT)).hasSize(sessions.size());
    }

    @Test
    void another_clients_sessions_are_never_met() {
        GivenSession ofWeb = loggedIn(alice, WEB);
        GivenSession ofApp = loggedIn(alice, APP);
        loggedIn(alice);
        Realm bank = Realm.of("bank");
        insert(session(new SubjectId(bank, "alice"))
                .client(new ClientId(bank, "web"))
                .build());

        assertThat(keysOf(walk(OF_WEB, 1))).containsExactly(keys(ofWeb));
        assertThat(keysOf(walk(OF_WEB, 100))).containsExactly(keys(ofWeb));
        assertThat(keysOf(walk(RevocationTarget.client(APP), 100))).containsExactly(keys(ofApp));
        assertThat(walk(RevocationTarget.client(Given.client("tv")), 100)).isEmpty();
    }

    @Test
    void of_a_realm_all_sessions_are_met_and_no_other_realms() {
        List<GivenSession> sessions = sessionsOfWeb(7);
        sessions.add(loggedIn(alice, APP));
        sessions.add(loggedIn(alice));
        sessions.add(insert(session(bob).foreign("idp-1").build()));
        SubjectId elsewhere = new SubjectId(Realm.of("bank"), "alice");
        List<GivenSession> others = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            others.add(loggedIn(elsewhere));
        }

        for (int limit : new int[] {1, 2, 9, 10, 11, SessionsOfScope.MAX_LIMIT}) {
            assertThat(keysOf(walk(OF_REALM, limit))).containsExactlyInAnyOrder(keysOfAll(sessions));
        }
        assertThat(keysOf(walk(RevocationTarget.realm(elsewhere.realm()), 3)))
                .containsExactlyInAnyOrder(keysOfAll(others));
        assertThat(walk(RevocationTarget.realm(Realm.of("nowhere")), 3)).isEmpty();
    }

    @Test
    void what_covers_a_session_comes_with_it() {
        GivenSession live = loggedIn(bob, WEB);
        GivenSession loggedOut = loggedIn(bob, WEB);
        GivenSession cutOff = loggedIn(alice, WEB);
        GivenSession spared = loggedIn(alice, WEB);
        GivenSession foreign = insert(session(bob).client(WEB).foreign("idp-1").build());
        GivenSession expired =
                insert(session(bob).client(WEB).lasting(Duration.ofHours(1)).build());
        Revocation logout = revoke(loggedOut.target()).entry();
        Revocation ofForeign = revoke(foreign.target()).entry();
        Revocation ofAlice = revoke(Given.act(RevocationTarget.subject(alice))
                        .exempt(spared.exempt())
                        .build())
                .entry();
        clock.advance(Duration.ofHours(1));

        assertFound(OF_WEB, live);
        assertFound(OF_WEB, loggedOut, logout);
        assertFound(OF_WEB, cutOff, ofAlice);
        assertFound(OF_WEB, spared);
        assertFound(OF_WEB, foreign, ofForeign);
        assertThat(assertFound(OF_WEB, expired).isLive(now())).isFalse();

        Revocation ofClient = revoke(OF_WEB).entry();
        Revocation ofRealm = revoke(OF_REALM).entry();
        assertFound(OF_WEB, spared, ofClient, ofRealm);
        assertFound(OF_REALM, loggedOut, logout, ofClient, ofRealm);
        for (FoundSession met : walk(OF_REALM, 2)) {
            assertThat(Optional.of(met.coveredBy()))
                    .isEqualTo(store().find(refOf(met, live, loggedOut, cutOff, spared, foreign, expired), now())
                            .map(FoundSession::coveredBy));
        }
    }

    private static SessionRef refOf(FoundSession met, GivenSession... sessions) {
        for (GivenSession session : sessions) {
            if (session.row().key().equals(met.session().key())) {
                return session.ref();
            }
        }
        throw new AssertionError("nobody's session");
    }

    private FoundSession assertFound(RevocationTarget scope, GivenSession session, Revocation... by) {
        List<FoundSession> met = walk(scope, 2).stream()
                .filter(found -> found.session().key().equals(session.row().key()))
                .toList();
        assertThat(met).hasSize(1);
        assertThat(met.get(0).coveredBy()).containsExactly(by);
        return met.get(0);
    }

    @Test
    void every_session_that_stands_during_a_walk_is_met_exactly_once() {
        List<GivenSession> standing = sessionsOfWeb(20);
        List<GivenSession> passing = new ArrayList<>();
        SubjectId gone = Given.subject("gone");
        for (int i = 0; i < 10; i++) {
            passing.add(loggedIn(gone, WEB));
        }
        for (RevocationTarget scope : List.of(OF_WEB, OF_REALM)) {
            for (int limit : new int[] {1, 3, 8}) {
                List<FoundSession> met = walk(scope, limit, () -> {
                    passing.add(loggedIn(gone, WEB));
                    revoke(standing.get(passing.size() % standing.size()).target());
                    eraseOne(gone);
                });
                List<LookupKey> keys = keysOf(met);
                assertThat(keys).as("limit %s", limit).doesNotHaveDuplicates().contains(keysOfAll(standing));
                keys = new ArrayList<>(keys);
                keys.removeAll(List.of(keysOfAll(standing)));
                assertThat(List.of(keysOfAll(passing))).containsAll(keys);
            }
        }
    }

    private void eraseOne(SubjectId subject) {
        store().ability(SubjectErasure.class).ifPresent(erasure -> erasure.erase(subject, now(), 1, now()));
    }

    @Test
    void every_session_that_stands_is_met_exactly_once_while_threads_add_end_and_erase_others() {
        List<GivenSession> standing = sessionsOfWeb(60);
        AtomicBoolean isOver = new AtomicBoolean();
        try (Threads threads = new Threads()) {
            Callable<Object> changing = () -> {
                SubjectId subject = Given.subject("gone");
                do {
                    GivenSession session = loggedIn(subject, WEB);
                    loggedIn(subject, APP);
                    revoke(session.target());
                    eraseOne(subject);
                    eraseOne(subject);
                } while (!isOver.get());
                return "changed";
            };
            Callable<Object> walking = () -> {
                try {
                    for (int limit : new int[] {1, 7, 30}) {
                        assertThat(keysOf(walk(OF_WEB, limit)))
                                .doesNotHaveDuplicates()
                                .contains(keysOfAll(standing));
                        assertThat(keysOf(walk(OF_REALM, limit)))
                                .doesNotHaveDuplicates()
                                .contains(keysOfAll(standing));
                    }
                } finally {
                    isOver.set(true);
                }
                return "walked";
            };

            threads.atOnce(List.of(changing, walking));
        }
    }

    @Test
    void a_walk_goes_on_behind_a_session_that_went_meanwhile() {
        for (int i = 0; i < 6; i++) {
            loggedIn(alice, WEB);
        }
        List<GivenSession> standing = sessionsOfWeb(6);
        needs(StoreCapability.SUBJECT_ERASURE);

        List<FoundSession> met = walk(OF_WEB, 1, () -> {
            for (int i = 0; i < 6; i++) {
                eraseOne(alice);
            }
        });

        assertThat(keysOf(met)).doesNotHaveDuplicates().contains(keysOfAll(standing));
    }

    @Test
    void another_node_goes_on_with_a_walk() {
        needs(StoreCapability.SEVERAL_NODES);
        List<GivenSession> sessions = sessionsOfWeb(9);
        SessionStore first = store();
        SessionStore second = opened(fixture().secondNode());

        List<FoundSession> met = walk(OF_WEB, 2, () -> use(store().equals(first) ? second : first));

        assertThat(keysOf(met)).containsExactlyInAnyOrder(keysOfAll(sessions));
    }

    @Test
    void other_kinds_of_targets_are_refused() {
        GivenSession session = loggedIn(alice, WEB);

        for (RevocationTarget target : List.of(
                session.target(),
                Given.tokenTarget(alice, "t"),
                insert(session(alice).foreign("idp-1").build()).target(),
                RevocationTarget.subject(alice),
                RevocationTarget.signingKey("thumb"),
                RevocationTarget.birth(0, 1))) {
            assertThatIllegalArgumentException()
                    .as(target.kind().toString())
                    .isThrownBy(() -> scopes().sessionsOf(target, ScopeCursor.start(), 10, now()));
        }
    }

    @Test
    void a_limit_out_of_range_is_refused() {
        for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, SessionsOfScope.MAX_LIMIT + 1, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scopes().sessionsOf(OF_WEB, ScopeCursor.start(), limit, now()));
        }
    }

    @Test
    void a_cursor_of_another_store_is_refused() {
        sessionsOfWeb(3);
        String valid = scopes().sessionsOf(OF_WEB, ScopeCursor.start(), 1, now())
                .next()
                .map(ScopeCursor::text)
                .orElseThrow();
        for (String text : List.of(
                "' OR 1=1",
                " ",
                "\u0000",
                "null",
                "-1",
                valid + " ",
                " " + valid,
                valid + "\n",
                valid + valid + valid,
                "\u0660\u0661",
                "é",
                "x".repeat(100_000))) {
            for (RevocationTarget scope : List.of(OF_WEB, OF_REALM)) {
                assertThatIllegalArgumentException()
                        .as(text.substring(0, Math.min(60, text.length())))
                        .isThrownBy(() -> scopes().sessionsOf(scope, new ScopeCursor(text), 10, now()));
            }
        }
    }

    @Test
    void a_cursor_is_short_ascii_that_a_page_can_carry() {
        sessionsOfWeb(3);

        ScopeCursor cursor = scopes().sessionsOf(OF_REALM, ScopeCursor.start(), 1, now())
                .next()
                .orElseThrow();

        assertThat(cursor.text()).matches("[A-Za-z0-9._~:-]{1,200}");
    }

    @Test
    void nothing_is_answered_before_the_horizon() {
        needs(StoreCapability.HORIZON);
        Instant horizon = RaisedHorizon.of(store(), clock);
        GivenSession session = loggedIn(alice, WEB);

        clock.set(horizon.minus(TICK));
        for (RevocationTarget scope : List.of(OF_WEB, OF_REALM, RevocationTarget.client(APP))) {
            assertThatExceptionOfType(BeforeHorizonException.class)
                    .isThrownBy(() -> walk(scope, 10))
                    .satisfies(e -> assertThat(e.isRetryable()).isTrue());
        }

        clock.set(horizon);
        assertThat(keysOf(walk(OF_WEB, 10))).containsExactly(keys(session));
    }
}
