package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Touch;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What joined a host's transaction that has committed, and nobody has closed yet. */
final class OpenRowTest {
    private static final Instant LATER = Given.NOW.plus(Duration.ofMinutes(3));
    private static final Instant AT_CLOSING = LATER.plus(Given.SETTINGS.nodeSkew());

    private final SubjectId alice = Given.subject("alice");

    @ParameterizedTest
    @EnumSource
    void it_covers_in_every_verb_from_the_commit_on(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        GivenSession session = loggedIn(store, Given.session(alice).secret("first"));
        Instant newest = store.newestCutOff(alice, Given.NOW);

        committed(database, store, revokeAll());

        assertRefused(store, session);
        GivenSession newcomer =
                Given.session(alice).began(LATER.plus(Duration.ofDays(1))).build();
        assertThat(store.insert(newcomer.row(), SessionLimit.unlimited(), LATER))
                .isInstanceOf(InsertResult.Covered.class);
        assertThat(store.newestCutOff(alice, LATER)).isEqualTo(newest);
    }

    @ParameterizedTest
    @EnumSource
    void it_covers_in_every_verb_whatever_kind_of_target_it_has(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        GivenSession session = loggedIn(
                store,
                Given.session(alice).client(Given.client("web")).foreign("sid").secret("first"));
        GivenSession other = loggedIn(store, Given.session(alice).secret("first"));

        committed(
                database,
                store,
                Given.act(RevocationTarget.client(Given.client("web"))).build());
        assertRefused(store, session);
        assertAccepted(store, other);

        JdbcSessionStore second = Stores.opened(database.pool(), Stores.prefix());
        loggedIn(second, session);
        loggedIn(second, other);
        committed(database, second, Given.act(session.target()).build());
        assertRefused(second, session);
        assertAccepted(second, other);

        committed(
                database, second, Given.act(RevocationTarget.realm(Given.REALM)).build());
        assertRefused(second, other);
    }

    @ParameterizedTest
    @EnumSource
    void the_exempt_session_lives_on(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        GivenSession session = loggedIn(store, Given.session(alice).secret("first"));
        GivenSession current = loggedIn(store, Given.session(alice).secret("first"));

        PendingRevocation pending = committed(
                database,
                store,
                Given.act(RevocationTarget.subject(alice))
                        .exempt(current.exempt())
                        .build());

        assertThat(((RevokeResult.Recorded) pending.result()).newlyCovered()).isEqualTo(1);
        assertRefused(store, session);
        assertAccepted(store, current);
        assertThat(store.list(alice, ListQuery.live(10), LATER).sessions())
                .extracting(found -> found.session().key())
                .containsExactly(current.row().key());
    }

    /** Who keeps such an answer must keep nothing that shuts out the logins of tomorrow. */
    @ParameterizedTest
    @EnumSource
    void what_it_answers_covers_no_more_than_what_was_asked_about(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        GivenSession session = loggedIn(store, Given.session(alice));
        committed(database, store, revokeAll());
        GivenSession later = Given.session(alice).began(Given.NOW.plusMillis(1)).build();

        List<Revocation> covering = store.revocationsCovering(session.row().facts(), LATER);
        List<Revocation> found = store.find(session.ref(), LATER).orElseThrow().coveredBy();
        InsertResult.Covered refused =
                (InsertResult.Covered) store.insert(later.row(), SessionLimit.unlimited(), LATER);

        assertThat(covering).hasSize(1).allMatch(entry -> entry.covers(session.token("t")));
        assertThat(found).hasSize(1);
        assertThat(List.of(covering.get(0), found.get(0))).noneMatch(entry -> entry.covers(later.token("t")));
        assertThat(refused.by().issuedBefore()).isEqualTo(later.row().authenticatedAt());
        assertThat(List.of(covering.get(0), found.get(0), refused.by()))
                .noneMatch(entry -> entry.forgetAfter().equals(Revocation.NEVER));
    }

    @ParameterizedTest
    @EnumSource
    void it_ends_logins_that_began_before_it_is_closed_and_no_later_ones(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        GivenSession ahead = loggedIn(store, Given.session(alice).began(LATER.plusSeconds(20)));
        PendingRevocation pending = committed(database, store, revokeAll());

        RevokeResult.Recorded closed = (RevokeResult.Recorded) pending.committed(LATER);

        assertThat(closed.changed()).isTrue();
        assertThat(closed.entry().issuedBefore())
                .isEqualTo(LATER.plusSeconds(20).plusMillis(1));
        assertThat(store.revocationsCovering(ahead.token("t"), LATER)).hasSize(1);
        GivenSession between =
                Given.session(alice).began(closed.entry().issuedBefore()).build();
        assertThat(store.insert(between.row(), SessionLimit.unlimited(), LATER))
                .isInstanceOf(InsertResult.Covered.class);
        assertThat(store.newestCutOff(alice, LATER)).isEqualTo(closed.entry().issuedBefore());
        assertAccepted(
                store,
                loggedIn(
                        store,
                        Given.session(alice)
                                .began(closed.entry().issuedBefore().plusMillis(1))
                                .secret("first")));
    }

    @ParameterizedTest
    @EnumSource
    void it_ends_a_foreign_session_that_a_cut_off_has_pushed_ahead_of_this_node(TestDatabase database)
            throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        Instant began = AT_CLOSING.plus(Given.SETTINGS.nodeSkew()).plusMillis(1);
        GivenSession ahead =
                loggedIn(store, Given.session(alice).foreign("sid").began(began).secret("first"));
        RevocationRequest request = Given.act(ahead.target()).build();
        PendingRevocation pending = committed(database, store, request);

        PendingRevocation again = committed(database, store, request);
        RevokeResult.Recorded closed = (RevokeResult.Recorded) pending.committed(LATER);

        assertThat(((RevokeResult.Recorded) again.result()).entry().issuedBefore())
                .isEqualTo(began);
        assertThat(closed.entry().issuedBefore()).isEqualTo(began);
        assertThat(closed.entry().forgetAfter()).isEqualTo(began.plus(Given.SETTINGS.retention()));
        assertRefused(store, ahead);
        assertThat(store.revocationsCovering(ahead.token("t"), LATER)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void closing_takes_the_later_of_both_clocks_and_happens_once(TestDatabase database) throws Exception {
        String prefix = Stores.prefix();
        Stores.opened(database.pool(), prefix);
        JdbcSessionStore store = Stores.on(database.pool(), prefix)
                .serverClock((now, reading) -> now.plusSeconds(40))
                .build();
        store.open(Given.SETTINGS, Given.NOW);
        for (RevocationTarget target : List.of(
                RevocationTarget.subject(alice),
                Given.session(alice).foreign("sid").build().target())) {
            PendingRevocation pending =
                    committed(database, store, Given.act(target).build());

            RevokeResult.Recorded first = (RevokeResult.Recorded) pending.committed(LATER);
            RevokeResult.Recorded second = (RevokeResult.Recorded) pending.committed(LATER.plusSeconds(60));

            assertThat(first.entry().issuedBefore()).isEqualTo(AT_CLOSING.plusSeconds(40));
            assertThat(first.entry().forgetAfter())
                    .isEqualTo(AT_CLOSING.plusSeconds(40).plus(Given.SETTINGS.retention()));
            assertThat(second).isEqualTo(new RevokeResult.Recorded(first.entry(), first.newlyCovered(), false));
        }
    }

    @ParameterizedTest
    @EnumSource
    void its_repeat_closes_it_and_a_repeat_after_that_changes_nothing(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        loggedIn(store, Given.session(alice));
        RevocationRequest request = revokeAll();
        committed(database, store, request);

        RevokeResult.Recorded repeat = (RevokeResult.Recorded) store.revoke(request, Precondition.none(), LATER);
        RevokeResult.Recorded again =
                (RevokeResult.Recorded) store.revoke(request, Precondition.none(), LATER.plusSeconds(60));

        assertThat(repeat.newlyCovered()).isEqualTo(1);
        assertThat(repeat.entry().issuedBefore()).isBetween(AT_CLOSING, AT_CLOSING.plusSeconds(30));
        assertThat(again).isEqualTo(new RevokeResult.Recorded(repeat.entry(), 1, false));
    }

    @ParameterizedTest
    @EnumSource
    void a_host_that_runs_its_transaction_again_finds_its_act_and_closes_it(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        RevocationRequest request = revokeAll();
        committed(database, store, request);

        PendingRevocation again = committed(database, store, request);

        assertThat(((RevokeResult.Recorded) again.result()).changed()).isFalse();
        RevokeResult.Recorded closed = (RevokeResult.Recorded) again.committed(LATER);
        assertThat(closed.changed()).isTrue();
        assertThat(closed.entry().issuedBefore()).isEqualTo(AT_CLOSING);
    }

    /** It may be closed with an earlier instant than theirs. */
    @ParameterizedTest
    @EnumSource
    void it_makes_no_other_act_and_no_entry_of_another_node_superfluous(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        committed(database, store, revokeAll());

        RevokeResult.Recorded other =
                (RevokeResult.Recorded) store.revoke(revokeAll(), Precondition.none(), LATER.plusSeconds(5));
        Revocation remembered = Revocation.of(RevocationTarget.subject(alice))
                .revokedAt(LATER)
                .issuedBefore(LATER.plusSeconds(60))
                .forgetAfter(LATER.plus(Given.SETTINGS.retention()).plusSeconds(60))
                .build();
        store.record(List.of(remembered), LATER);

        assertThat(other.changed()).isTrue();
        assertThat(other.entry().issuedBefore()).isEqualTo(AT_CLOSING.plusSeconds(5));
        assertThat(store.newestCutOff(alice, LATER)).isEqualTo(remembered.issuedBefore());
    }

    @ParameterizedTest
    @EnumSource
    void what_has_its_instants_already_keeps_them(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        GivenSession old = loggedIn(store, Given.session(alice));
        GivenSession young = loggedIn(
                store, Given.session(alice).began(Given.NOW.plusMillis(1)).secret("first"));
        Instant until = old.row().authenticatedAt();
        for (RevocationRequest request : List.of(
                Given.act(RevocationTarget.subject(alice)).issuedBefore(until).build(),
                Given.act(old.target()).build(),
                Given.act(RevocationTarget.token(old.token("old")))
                        .forgetAfter(LATER.plusSeconds(900))
                        .build(),
                Given.act(RevocationTarget.signingKey("thumbprint")).build())) {
            PendingRevocation pending = committed(database, store, request);
            Revocation fixed = ((RevokeResult.Recorded) pending.result()).entry();

            assertThat(store.revocationsCovering(old.token("old"), LATER)).isNotEmpty();
            assertAccepted(store, young);
            RevokeResult.Recorded closed = (RevokeResult.Recorded) pending.committed(LATER);
            assertThat(closed.entry()).isEqualTo(fixed);
            assertThat(closed.changed()).isTrue();
            assertAccepted(store, young);
        }
    }

    @ParameterizedTest
    @EnumSource
    void who_names_the_end_of_time_is_not_taken_for_one_who_means_now(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        PendingRevocation pending = committed(
                database,
                store,
                Given.act(RevocationTarget.subject(alice))
                        .issuedBefore(Revocation.NEVER)
                        .build());

        assertThat(((RevokeResult.Recorded) pending.committed(LATER)).entry().issuedBefore())
                .isEqualTo(Revocation.NEVER);
    }

    private static void assertRefused(JdbcSessionStore store, GivenSession session) {
        assertThat(store.revocationsCovering(session.row().facts(), LATER)).isNotEmpty();
        FoundSession found = store.find(session.ref(), LATER).orElseThrow();
        assertThat(found.isLive(LATER)).isFalse();
        assertThat(store.list(session.subject(), ListQuery.live(10), LATER).sessions())
                .noneMatch(one -> one.session().key().equals(session.row().key()));
        assertThat(store.touch(List.of(new Touch(session.ref(), LATER)), LATER)).isEmpty();
        assertThat(store.rotate(session.ref(), Given.exchange("first", "second"), LATER))
                .isInstanceOf(RotateResult.NotLive.class);
        assertThat(store.revoke(
                        Given.act(session.target()).build(),
                        Precondition.ownedBy(session.row().facts()),
                        LATER))
                .isInstanceOf(RevokeResult.CallerRevoked.class);
    }

    private static void assertAccepted(JdbcSessionStore store, GivenSession session) {
        assertThat(store.revocationsCovering(session.row().facts(), LATER)).isEmpty();
        assertThat(store.find(session.ref(), LATER).orElseThrow().isLive(LATER)).isTrue();
        assertThat(store.rotate(session.ref(), Given.exchange("first", "second"), LATER))
                .isEqualTo(new RotateResult.Rotated());
    }

    private static GivenSession loggedIn(JdbcSessionStore store, GivenSession.Builder session) {
        return loggedIn(store, session.build());
    }

    private static GivenSession loggedIn(JdbcSessionStore store, GivenSession session) {
        assertThat(store.insert(session.row(), SessionLimit.unlimited(), Given.NOW))
                .isInstanceOf(InsertResult.Inserted.class);
        return session;
    }

    private static PendingRevocation committed(TestDatabase database, JdbcSessionStore store, RevocationRequest request)
            throws SQLException {
        try (Connection host = database.transaction()) {
            PendingRevocation pending = store.revokeIn(host, request, Precondition.none(), Given.NOW);
            host.commit();
            return pending;
        }
    }

    private RevocationRequest revokeAll() {
        return Given.act(RevocationTarget.subject(alice)).build();
    }
}
