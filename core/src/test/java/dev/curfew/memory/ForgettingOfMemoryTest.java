package dev.curfew.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a purge of the store in memory takes along with an entry, and what it must leave. */
class ForgettingOfMemoryTest {
    private static final Instant NOW = Given.NOW;
    private static final Instant SOON = NOW.plusSeconds(1);
    private static final Duration DELAY = Duration.ofHours(1);
    private static final SubjectId ALICE = Given.subject("alice");

    /** Else the repeat of an act would be a new one, with a later instant, and end what began since. */
    @Test
    void an_act_is_known_by_its_name_for_an_hour_after_it_was_recorded() {
        InMemorySessionStore store = opened(InMemorySessionStore.builder());
        RevocationRequest act = Given.act(RevocationTarget.subject(ALICE)).build();
        Revocation first = revoke(store, act, NOW);

        store.purge(NOW.plus(DELAY), 10);
        assertThat(revoke(store, act, NOW.plus(DELAY))).isEqualTo(first);
        store.purge(NOW.plus(DELAY).plusMillis(1), 10);
        assertThat(revoke(store, act, NOW.plus(DELAY).plusMillis(1)).issuedBefore())
                .as("another act of the same name")
                .isAfter(first.issuedBefore());
    }

    /** Nothing is missing: what stays covers as much, so that earlier instants can still be judged. */
    @Test
    void a_purge_that_drops_only_what_is_superseded_raises_no_horizon() {
        InMemorySessionStore store = opened(InMemorySessionStore.builder());
        revoke(store, Given.act(RevocationTarget.subject(ALICE)).build(), NOW);
        revoke(store, Given.act(RevocationTarget.subject(ALICE)).build(), SOON);

        assertThat(store.purge(SOON.plus(DELAY).plusMillis(1), 10).revocations())
                .isEqualTo(1);
        assertThatCode(() -> judgeAt(store, NOW)).doesNotThrowAnyException();
    }

    @Test
    void a_purge_that_drops_what_is_forgotten_raises_the_horizon_to_an_hour_ago_and_no_verb_judges_before_it() {
        InMemorySessionStore store = opened(InMemorySessionStore.builder());
        revoke(store, token("t", SOON), NOW);
        GivenSession session = Given.session(ALICE).build();
        Instant horizon = NOW.plusSeconds(10);

        assertThat(store.purge(horizon.plus(DELAY), 10).revocations()).isEqualTo(1);

        assertThatCode(() -> judgeAt(store, horizon)).doesNotThrowAnyException();
        assertThatExceptionOfType(BeforeHorizonException.class).isThrownBy(() -> judgeAt(store, horizon.minusNanos(1)));
        for (RevocationTarget target : List.of(session.target(), RevocationTarget.subject(ALICE))) {
            assertThatExceptionOfType(BeforeHorizonException.class)
                    .isThrownBy(() -> store.sessionsOf(target, ListQuery.all(10), horizon.minusNanos(1)));
        }
    }

    /** The realm's cut-off stands in for them: readers of the feed need not see them. */
    @Test
    void what_a_realms_cut_off_absorbs_leaves_the_feed() {
        InMemorySessionStore store = opened(InMemorySessionStore.builder().maxRevocations(4));
        List<Kind> kinds = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            kinds.add(revokeSession(store, NOW.plus(Duration.ofMinutes(i))));
        }

        assertThat(kinds)
                .containsExactly(
                        Kind.SESSION,
                        Kind.SESSION,
                        Kind.SESSION,
                        Kind.SUBJECT,
                        Kind.SUBJECT,
                        Kind.REALM,
                        Kind.SESSION,
                        Kind.SESSION,
                        Kind.SUBJECT);
        assertThat(kindsInFeed(store))
                .containsExactly(Kind.BIRTH, Kind.REALM, Kind.SESSION, Kind.SESSION, Kind.SUBJECT);
    }

    @Test
    void what_is_over_is_not_recorded_any_more() {
        InMemorySessionStore store =
                opened(InMemorySessionStore.builder().ticker(() -> 0).elapsedClock((now, r) -> now));
        Revocation over = Revocation.of(Given.tokenTarget(ALICE, "t"))
                .revokedAt(NOW)
                .forgetAfter(SOON)
                .build();

        store.record(List.of(over), SOON);
        assertThat(kindsInFeed(store)).containsExactly(Kind.BIRTH);
        store.record(List.of(over), SOON.minusNanos(1));
        assertThat(kindsInFeed(store)).containsExactly(Kind.BIRTH, Kind.TOKEN);
    }

    private static void judgeAt(InMemorySessionStore store, Instant now) {
        store.revocationsCovering(Given.token(ALICE, "other").issuedAt(NOW).build(), now);
    }

    private static List<Kind> kindsInFeed(InMemorySessionStore store) {
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 100, NOW);
        return page.entries().stream()
                .map(FeedEntry.Revoked.class::cast)
                .map(entry -> entry.revocation().target().kind())
                .toList();
    }

    private static InMemorySessionStore opened(InMemorySessionStore.Builder builder) {
        InMemorySessionStore store = builder.build();
        store.open(Given.SETTINGS, Given.BIRTH);
        return store;
    }

    private static RevocationRequest token(String id, Instant forgetAfter) {
        return Given.act(Given.tokenTarget(ALICE, id))
                .forgetAfter(forgetAfter)
                .coarser(List.of(RevocationTarget.subject(ALICE), RevocationTarget.realm(Given.REALM)))
                .build();
    }

    /** Revokes a new session, or what is revoked in its place. */
    private static Kind revokeSession(InMemorySessionStore store, Instant now) {
        GivenSession session = Given.session(ALICE).began(now).build();
        assertThat(store.insert(session.row(), SessionLimit.unlimited(), now))
                .isEqualTo(new InsertResult.Inserted(List.of()));
        RevocationRequest act = Given.act(session.target())
                .coarser(List.of(RevocationTarget.subject(ALICE), RevocationTarget.realm(Given.REALM)))
                .build();
        return revoke(store, act, now).target().kind();
    }

    private static Revocation revoke(InMemorySessionStore store, RevocationRequest request, Instant now) {
        return ((RevokeResult.Recorded) store.revoke(request, Precondition.none(), now)).entry();
    }
}
