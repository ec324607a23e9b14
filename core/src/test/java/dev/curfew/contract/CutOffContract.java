package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.RevocationRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Up to when a cut-off covers, and what a login must begin after. */
@Tag("CuttingOff")
abstract class CutOffContract extends StoreContract {
    private static final Duration SKEW = Given.SETTINGS.nodeSkew();
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Realm OTHER_REALM = Realm.of("other");

    private final RevocationTarget hers = RevocationTarget.subject(alice);
    private final RevocationTarget web = RevocationTarget.client(Given.client("web"));
    private final RevocationTarget realm = RevocationTarget.realm(Given.REALM);

    CutOffContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void now_lies_ahead_of_every_clock() {
        assertThat(cutOff(hers)).isEqualTo(now().plus(SKEW));
        assertThat(cutOff(RevocationTarget.client(new ClientId(OTHER_REALM, "web"))))
                .isEqualTo(now().plus(SKEW));
        assertThat(cutOff(RevocationTarget.realm(Realm.of("third")))).isEqualTo(now().plus(SKEW));
    }

    @Test
    void a_cut_off_covers_what_began_at_it_and_nothing_one_millisecond_later() {
        Instant end = cutOff(hers);

        assertThat(isCovered(Given.session(alice).began(end).build().token("t")))
                .isTrue();
        assertThat(isCovered(Given.session(alice).began(end.plus(TICK)).build().token("t")))
                .isFalse();
        assertThat(isCovered(Given.token(alice, "t").issuedAt(end).build())).isTrue();
        assertThat(isCovered(Given.token(alice, "t").issuedAt(end.plus(TICK)).build()))
                .isFalse();
        assertThat(isCovered(Given.token(alice, "t").build())).isTrue();
    }

    @Test
    void now_between_two_milliseconds_is_rounded_so_that_more_is_covered() {
        clock.advance(Duration.ofNanos(1));
        RevocationRequest request = Given.act(hers).build();

        Revocation entry = revoke(request).entry();

        assertThat(entry).isEqualTo(request.fix(now(), Given.SETTINGS, Given.BIRTH, Optional.empty()));
        assertThat(entry.issuedBefore()).isEqualTo(Given.NOW.plus(SKEW).plus(TICK));
    }

    @Test
    void a_cut_off_at_the_birth_of_the_store_lies_behind_the_birth() {
        clock.set(Given.BIRTH);

        assertThat(cutOff(hers)).isEqualTo(Given.BIRTH.plus(SKEW).plus(TICK));
        assertThat(cutOff(RevocationTarget.client(new ClientId(OTHER_REALM, "web"))))
                .isEqualTo(Given.BIRTH.plus(SKEW).plus(TICK));
        assertThat(cutOff(RevocationTarget.realm(Realm.of("third"))))
                .isEqualTo(Given.BIRTH.plus(SKEW).plus(TICK));
    }

    @Test
    void a_cut_off_of_a_subject_lies_behind_earlier_ones_of_that_subject() {
        Instant ahead = aheadBy(hers, Duration.ofMinutes(5));
        assertThat(cutOff(hers)).isEqualTo(ahead.plus(TICK));
        assertThat(cutOff(hers)).isEqualTo(ahead.plus(TICK).plus(TICK));
    }

    @Test
    void a_cut_off_of_a_subject_lies_behind_those_of_its_realm() {
        Instant ahead = aheadBy(realm, Duration.ofMinutes(5));
        assertThat(cutOff(hers)).isEqualTo(ahead.plus(TICK));
    }

    @Test
    void a_cut_off_of_a_subject_lies_behind_those_of_any_client_of_its_realm() {
        Instant ahead = aheadBy(web, Duration.ofMinutes(5));
        assertThat(cutOff(hers)).isEqualTo(ahead.plus(TICK));
    }

    @Test
    void a_cut_off_of_a_subject_takes_the_newest_of_all() {
        aheadBy(hers, Duration.ofMinutes(5));
        Instant newest = aheadBy(web, Duration.ofMinutes(7));
        aheadBy(realm, Duration.ofMinutes(6));

        assertThat(cutOff(hers)).isEqualTo(newest.plus(TICK));
    }

    @Test
    void a_cut_off_of_a_subject_ignores_other_subjects_and_realms() {
        aheadBy(RevocationTarget.subject(bob), Duration.ofMinutes(5));
        aheadBy(RevocationTarget.realm(OTHER_REALM), Duration.ofMinutes(5));
        aheadBy(RevocationTarget.client(new ClientId(OTHER_REALM, "web")), Duration.ofMinutes(5));
        aheadBy(RevocationTarget.subject(new SubjectId(OTHER_REALM, alice.value())), Duration.ofMinutes(5));

        assertThat(cutOff(hers)).isEqualTo(now().plus(SKEW));
    }

    @Test
    void a_cut_off_of_a_subject_lies_behind_its_stored_sessions() {
        GivenSession ahead =
                insert(session(alice).began(now().plusSeconds(90)).stored(now()).build());
        loggedIn(alice);
        insert(session(bob).began(now().plusSeconds(900)).stored(now()).build());

        assertThat(cutOff(hers)).isEqualTo(ahead.row().authenticatedAt().plus(TICK));
        assertThat(live(alice)).isEmpty();
        assertThat(live(bob)).hasSize(1);
    }

    @Test
    void a_cut_off_of_a_subject_leaves_the_exempt_session_out_of_account() {
        GivenSession spared =
                insert(session(alice).began(now().plusSeconds(90)).stored(now()).build());
        loggedIn(alice);

        Revocation entry =
                revoke(Given.act(hers).exempt(spared.exempt()).build()).entry();

        assertThat(entry.issuedBefore()).isEqualTo(now().plus(SKEW));
        assertThat(live(alice)).containsExactly(keys(spared));
    }

    @Test
    void a_cut_off_of_a_client_lies_behind_every_other_of_its_realm() {
        Instant subjects = aheadBy(hers, Duration.ofMinutes(5));
        assertThat(cutOff(web)).isEqualTo(subjects.plus(TICK));

        Instant clients = aheadBy(RevocationTarget.client(Given.client("app")), Duration.ofMinutes(6));
        assertThat(cutOff(web)).isEqualTo(clients.plus(TICK));

        Instant realms = aheadBy(realm, Duration.ofMinutes(7));
        assertThat(cutOff(web)).isEqualTo(realms.plus(TICK));

        aheadBy(RevocationTarget.realm(OTHER_REALM), Duration.ofMinutes(9));
        assertThat(cutOff(web)).isEqualTo(realms.plus(TICK).plus(TICK));
    }

    @Test
    void a_cut_off_of_a_realm_lies_behind_every_other_in_it() {
        Instant subjects = aheadBy(hers, Duration.ofMinutes(5));
        assertThat(cutOff(realm)).isEqualTo(subjects.plus(TICK));

        Instant clients = aheadBy(web, Duration.ofMinutes(6));
        assertThat(cutOff(realm)).isEqualTo(clients.plus(TICK));

        aheadBy(RevocationTarget.realm(OTHER_REALM), Duration.ofMinutes(9));
        assertThat(cutOff(realm)).isEqualTo(clients.plus(TICK).plus(TICK));
    }

    @Test
    void an_explicit_instant_is_kept_as_it_is() {
        GivenSession older = insert(session(alice).began(now().minusSeconds(61)).build());
        GivenSession equal = insert(session(alice).began(now().minusSeconds(60)).build());
        GivenSession newer =
                insert(session(alice).began(now().minusSeconds(60).plus(TICK)).build());

        Revocation entry = revoke(
                        Given.act(hers).issuedBefore(now().minusSeconds(60)).build())
                .entry();

        assertThat(entry.issuedBefore()).isEqualTo(now().minusSeconds(60));
        assertThat(entry.forgetAfter()).isEqualTo(now().plus(Given.SETTINGS.retention()));
        assertThat(isLive(older)).isFalse();
        assertThat(isLive(equal)).isFalse();
        assertThat(isLive(newer)).isTrue();
    }

    @Test
    void an_explicit_instant_in_the_future_is_kept_and_covers_logins_until_then() {
        Instant future = now().plus(Duration.ofHours(3));

        Revocation entry = revoke(Given.act(hers).issuedBefore(future).build()).entry();

        assertThat(entry.issuedBefore()).isEqualTo(future);
        assertThat(entry.forgetAfter()).isEqualTo(future.plus(Given.SETTINGS.retention()));
        assertThat(store().newestCutOff(alice, now())).isEqualTo(future);
    }

    @Test
    void a_late_event_about_an_earlier_instant_leaves_newer_sessions_alone() {
        GivenSession older = loggedIn(alice);
        Instant event = now().plusSeconds(30);
        clock.advance(Duration.ofMinutes(1));
        GivenSession newer = loggedIn(alice);
        clock.advance(Duration.ofMinutes(1));

        assertThat(revoke(Given.act(hers).issuedBefore(event).build()).newlyCovered())
                .isEqualTo(1);

        assertThat(live(alice)).containsExactly(keys(newer));
        assertThat(isCovered(older.token("t"))).isTrue();
    }

    @Test
    void a_cut_off_only_moves_forward() {
        Instant newest = cutOff(hers);
        GivenSession covered = Given.session(alice).began(newest).build();

        revoke(Given.act(hers).issuedBefore(newest.minusSeconds(3_600)).build());
        assertThat(isCovered(covered.token("t"))).isTrue();
        assertThat(store().newestCutOff(alice, now())).isEqualTo(newest);

        clock.advance(Duration.ofHours(-1));
        assertThat(cutOff(hers)).isEqualTo(newest.plus(TICK));
        assertThat(isCovered(covered.token("t"))).isTrue();
    }

    @Test
    void a_cut_off_is_remembered_for_the_retention_and_forgotten_at_its_end() {
        GivenSession session = session(alice).build();
        Revocation entry = revoke(hers).entry();

        assertThat(entry.forgetAfter()).isEqualTo(entry.issuedBefore().plus(Given.SETTINGS.retention()));
        clock.set(entry.forgetAfter().minus(TICK));
        assertThat(covering(session.token("t"))).containsExactly(entry);
        clock.set(entry.forgetAfter());
        assertThat(covering(session.token("t"))).isEmpty();
    }

    @Test
    void the_newest_cut_off_of_a_fresh_store_is_its_birth() {
        assertThat(store().newestCutOff(alice, now())).isEqualTo(Given.BIRTH.plus(SKEW));
    }

    @Test
    void the_newest_cut_off_is_that_of_the_subject_its_realm_or_any_client() {
        Instant subjects = aheadBy(hers, Duration.ofMinutes(5));
        assertThat(store().newestCutOff(alice, now())).isEqualTo(subjects);
        assertThat(store().newestCutOff(bob, now())).isEqualTo(Given.BIRTH.plus(SKEW));

        Instant clients = aheadBy(web, Duration.ofMinutes(6));
        assertThat(store().newestCutOff(alice, now())).isEqualTo(clients);
        assertThat(store().newestCutOff(bob, now())).isEqualTo(clients);

        Instant realms = aheadBy(realm, Duration.ofMinutes(7));
        assertThat(store().newestCutOff(alice, now())).isEqualTo(realms);
        assertThat(store().newestCutOff(new SubjectId(OTHER_REALM, alice.value()), now()))
                .isEqualTo(Given.BIRTH.plus(SKEW));
    }

    @Test
    void the_newest_cut_off_counts_also_if_it_spares_a_session() {
        GivenSession spared = loggedIn(alice);
        Revocation entry =
                revoke(Given.act(hers).exempt(spared.exempt()).build()).entry();

        assertThat(store().newestCutOff(alice, now())).isEqualTo(entry.issuedBefore());
    }

    @Test
    void tokens_sessions_and_keys_are_no_cut_offs() {
        GivenSession session = loggedIn(alice);
        revoke(insert(session(alice).foreign("sid-1").build()).target());
        revoke(session.target());
        revoke(RevocationTarget.token(session.token("t")));
        revoke(RevocationTarget.signingKey("thumb"));

        assertThat(store().newestCutOff(alice, now())).isEqualTo(Given.BIRTH.plus(SKEW));
    }

    private Instant cutOff(RevocationTarget target) {
        return revoke(target).entry().issuedBefore();
    }

    private Instant aheadBy(RevocationTarget target, Duration duration) {
        Instant ahead = now().plus(duration);
        assertThat(revoke(Given.act(target).issuedBefore(ahead).build()).entry().issuedBefore())
                .isEqualTo(ahead);
        return ahead;
    }
}
