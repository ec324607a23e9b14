package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Removing what has ended long enough ago, and nothing else. */
@Tag("Purging")
abstract class PurgeContract extends StoreContract {
    private static final int PLENTY = 10_000;
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration KEPT = Given.SETTINGS.endedSessionsKept();
    private static final Duration DELAY = StoreSettings.PURGE_DELAY;

    PurgeContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void of_an_empty_store_nothing_is_removed() {
        assertThat(store().purge(now(), PLENTY)).isEqualTo(new PurgeResult(0, 0, false, List.of()));
    }

    @Test
    void nothing_live_is_removed() {
        GivenSession session = loggedIn(alice);
        Revocation cutOff = revoke(RevocationTarget.subject(bob)).entry();
        Revocation key = revoke(RevocationTarget.signingKey("thumb")).entry();
        clock.advance(Duration.ofDays(29));

        assertThat(store().purge(now(), PLENTY)).isEqualTo(new PurgeResult(0, 0, false, List.of()));

        assertThat(isLive(session)).isTrue();
        assertThat(FeedReader.fromBeginning(store().feed()).revocations()).containsExactlyInAnyOrder(cutOff, key);
        assertThat(covering(Given.token(bob, "t").issuedAt(Given.NOW).build())).containsExactly(cutOff);
    }

    @Test
    void an_expired_session_is_kept_for_a_while_and_then_removed() {
        GivenSession session =
                insert(session(alice).lasting(Duration.ofHours(5)).build());

        clock.set(session.row().expiresAt().plus(KEPT).minus(TICK));
        assertThat(store().purge(now(), PLENTY).sessions()).isZero();
        assertThat(find(session)).isPresent();

        clock.advance(TICK);
        PurgeResult result = store().purge(now(), PLENTY);
        assertThat(result).isEqualTo(new PurgeResult(1, 0, false, result.expired()));
        assertThat(find(session)).isEmpty();
    }

    @Test
    void a_session_that_was_idle_too_long_is_kept_for_a_while_and_then_removed() {
        GivenSession session = insert(session(alice).idle(Duration.ofHours(1)).build());
        clock.advance(Duration.ofMinutes(30));
        store().touch(List.of(new Touch(session.ref(), now())), now());

        clock.advance(Duration.ofHours(1).plus(KEPT).minus(TICK));
        assertThat(store().purge(now(), PLENTY).sessions()).isZero();

        clock.advance(TICK);
        assertThat(store().purge(now(), PLENTY).sessions()).isEqualTo(1);
        assertThat(find(session)).isEmpty();
    }

    @Test
    void a_revoked_session_is_kept_for_a_while_and_then_removed_although_it_has_not_expired() {
        GivenSession session = loggedIn(alice);
        clock.advance(Duration.ofHours(3));
        revoke(session.target());

        clock.advance(KEPT.minus(TICK));
        assertThat(store().purge(now(), PLENTY).sessions()).isZero();
        assertThat(find(session)).isPresent();

        clock.advance(TICK);
        assertThat(store().purge(now(), PLENTY).sessions()).isEqualTo(1);
        assertThat(find(session)).isEmpty();
        assertThat(isCovered(session.token("t"))).isTrue();
    }

    @Test
    void sessions_that_a_cut_off_ended_are_kept_for_a_while_and_then_removed() {
        GivenSession first = loggedIn(alice);
        GivenSession second = insert(session(bob).foreign("sid-1").build());
        revoke(RevocationTarget.realm(Given.REALM));

        clock.advance(KEPT.minus(TICK));
        GivenSession later = loggedIn(alice);
        assertThat(store().purge(now(), PLENTY).sessions()).isZero();

        clock.advance(TICK);
        assertThat(store().purge(now(), PLENTY).sessions()).isEqualTo(2);
        assertThat(find(first)).isEmpty();
        assertThat(find(second)).isEmpty();
        assertThat(isLive(later)).isTrue();
    }

    @Test
    void a_session_that_ended_twice_is_removed_after_its_first_end() {
        GivenSession session =
                insert(session(alice).lasting(Duration.ofHours(1)).build());
        clock.advance(Duration.ofHours(1).plus(KEPT).minusSeconds(1));
        revoke(RevocationTarget.subject(alice));

        clock.advance(Duration.ofSeconds(1));
        assertThat(store().purge(now(), PLENTY).sessions()).isEqualTo(1);
        assertThat(find(session)).isEmpty();
    }

    @Test
    void a_revocation_is_kept_for_an_hour_after_it_is_forgotten() {
        Revocation entry = revoke(Given.act(Given.tokenTarget(alice, "t"))
                        .forgetAfter(now().plus(Duration.ofMinutes(15)))
                        .build())
                .entry();
        Revocation newest = revoke(RevocationTarget.signingKey("thumb")).entry();
        caughtUpReader();

        clock.set(entry.forgetAfter().plus(DELAY).minus(TICK));
        assertThat(store().purge(now(), PLENTY)).isEqualTo(new PurgeResult(0, 0, false, List.of()));
        assertThat(onFeed()).containsExactlyInAnyOrder(entry, newest);

        clock.advance(TICK);
        assertThat(store().purge(now(), PLENTY)).isEqualTo(new PurgeResult(0, 1, false, List.of()));
        assertThat(onFeed()).containsExactly(newest);
    }

    @Test
    void forgotten_revocations_of_each_sort_are_removed() {
        revoke(Given.tokenTarget(alice, "t"));
        revoke(session(alice).build().target());
        revoke(session(alice).foreign("sid-1").build().target());
        revoke(RevocationTarget.subject(alice));
        revoke(RevocationTarget.client(Given.client("web")));
        revoke(RevocationTarget.realm(Given.REALM));
        Revocation key = revoke(RevocationTarget.signingKey("thumb")).entry();
        caughtUpReader();
        clock.advance(Duration.ofDays(200));

        PurgeResult result = store().purge(now(), PLENTY);

        // Six entries; a store of several partitions may keep more than one copy of some.
        assertThat(result.revocations()).isGreaterThanOrEqualTo(6);
        assertThat(result.hasMore()).isFalse();
        assertThat(onFeed()).containsExactly(key);
    }

    @Test
    void superseded_cut_offs_are_removed_an_hour_after_and_what_they_covered_stays_covered() {
        GivenSession session = session(alice).build();
        Revocation first = revoke(RevocationTarget.subject(alice)).entry();
        clock.advance(Duration.ofMinutes(10));
        Revocation second = revoke(RevocationTarget.subject(alice)).entry();
        caughtUpReader();

        clock.advance(DELAY.minus(TICK));
        store().purge(now(), PLENTY);
        assertThat(onFeed()).containsExactlyInAnyOrder(first, second);

        clock.advance(TICK.multipliedBy(2));
        store().purge(now(), PLENTY);
        assertThat(onFeed()).containsExactly(second);
        assertThat(covering(session.token("t"))).containsExactly(second);
        assertThat(store().newestCutOff(alice, now())).isEqualTo(second.issuedBefore());
    }

    @Test
    void cut_offs_that_spare_different_sessions_supersede_nothing() {
        GivenSession first = loggedIn(alice);
        GivenSession second = loggedIn(alice);
        revoke(Given.act(RevocationTarget.subject(alice)).exempt(first.exempt()).build());
        clock.advance(Duration.ofMinutes(10));
        revoke(Given.act(RevocationTarget.subject(alice))
                .exempt(second.exempt())
                .build());
        caughtUpReader();
        clock.advance(Duration.ofDays(2));

        assertThat(store().purge(now(), PLENTY)).isEqualTo(new PurgeResult(0, 0, false, List.of()));
        assertThat(isCovered(first.token("t"))).isTrue();
        assertThat(isCovered(second.token("t"))).isTrue();
    }

    @Test
    void a_purge_removes_no_more_than_its_limit_and_tells_when_it_is_done() {
        for (int i = 0; i < 10; i++) {
            insert(session(alice).lasting(Duration.ofHours(1)).build());
            revoke(Given.act(Given.tokenTarget(bob, "jti-" + i))
                    .forgetAfter(now().plus(Duration.ofHours(1)))
                    .build());
        }
        revoke(RevocationTarget.signingKey("thumb"));
        caughtUpReader();
        clock.advance(Duration.ofDays(30));

        int sessions = 0;
        int revocations = 0;
        int calls = 0;
        PurgeResult result;
        do {
            result = store().purge(now(), 7);
            assertThat(result.sessions() + result.revocations()).isBetween(0, 7);
            sessions += result.sessions();
            revocations += result.revocations();
            calls++;
        } while (result.hasMore() && calls < 100);

        assertThat(sessions).isEqualTo(10);
        assertThat(revocations).isEqualTo(10);
        assertThat(calls).isBetween(3, 4);
        assertThat(store().purge(now(), 7)).isEqualTo(new PurgeResult(0, 0, false, List.of()));
    }

    @Test
    void what_time_has_ended_is_answered_by_the_purge_that_removes_it_and_by_no_other() {
        GivenSession absolute =
                insert(session(alice).lasting(Duration.ofHours(5)).build());
        GivenSession idle = insert(session(bob).idle(Duration.ofHours(1)).build());
        GivenSession foreign = insert(
                session(alice).foreign("sid-1").lasting(Duration.ofHours(2)).build());
        clock.advance(Duration.ofMinutes(30));
        store().touch(List.of(new Touch(idle.ref(), now())), now());
        clock.advance(Duration.ofDays(8));

        PurgeResult result = store().purge(now(), PLENTY);

        assertThat(expiredIn(result)).containsExactlyInAnyOrder(keys(absolute, idle, foreign));
        assertThat(result.expired())
                .extracting(ExpiredSession::session)
                .filteredOn(row -> row.key().equals(idle.row().key()))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.endsByTime()).isEqualTo(Given.NOW.plus(Duration.ofMinutes(90)));
                    assertThat(row.payload()).isEqualTo(idle.row().payload());
                    assertThat(row.realmKey()).isEqualTo(Given.REALM.key());
                });
        assertThat(result.expired()).noneMatch(ExpiredSession::isCovered);
        assertThat(store().purge(now(), PLENTY).expired()).isEmpty();
    }

    @Test
    void what_a_revocation_ended_is_not_answered_as_expired_whatever_its_target() {
        GivenSession one = insert(session(alice).build());
        GivenSession two = insert(session(bob).foreign("sid-1").build());
        insert(session(Given.subject("carol")).build());
        revoke(one.target());
        revoke(two.target());
        clock.advance(Duration.ofMinutes(1));
        revoke(RevocationTarget.realm(Given.REALM));
        clock.advance(Duration.ofDays(29));

        PurgeResult result = store().purge(now(), PLENTY);

        assertThat(result.sessions()).isEqualTo(3);
        assertThat(result.expired()).isEmpty();
    }

    @Test
    void what_a_revocation_covered_only_after_its_time_is_answered_as_expired() {
        GivenSession session =
                insert(session(alice).lasting(Duration.ofHours(1)).build());
        GivenSession sameInstant =
                insert(session(bob).lasting(Duration.ofHours(2)).build());
        GivenSession before =
                insert(session(bob).lasting(Duration.ofHours(2).plus(TICK)).build());
        clock.advance(Duration.ofHours(2));
        revoke(RevocationTarget.subject(alice));
        revoke(RevocationTarget.subject(bob));
        clock.advance(KEPT.plus(TICK));

        PurgeResult result = store().purge(now(), PLENTY);

        assertThat(result.sessions()).isEqualTo(3);
        assertThat(expiredIn(result)).containsExactlyInAnyOrder(keys(session, sameInstant));
        assertThat(result.expired()).allMatch(ExpiredSession::isCovered);
        assertThat(find(before)).isEmpty();
    }

    @Test
    void a_purge_with_a_limit_answers_what_it_has_removed_and_leaves_the_rest_to_the_next() {
        Set<LookupKey> inserted = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            inserted.add(insert(session(alice).lasting(Duration.ofHours(1)).build())
                    .row()
                    .key());
        }
        clock.advance(Duration.ofDays(30));

        List<LookupKey> answered = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            PurgeResult result = store().purge(now(), 3);
            assertThat(result.expired()).hasSize(result.sessions());
            answered.addAll(expiredIn(result));
        }

        assertThat(answered).containsExactlyInAnyOrderElementsOf(inserted);
    }

    private static List<LookupKey> expiredIn(PurgeResult result) {
        return result.expired().stream().map(one -> one.session().key()).toList();
    }

    private Set<Revocation> onFeed() {
        return FeedReader.fromBeginning(store().feed()).revocations();
    }
}
