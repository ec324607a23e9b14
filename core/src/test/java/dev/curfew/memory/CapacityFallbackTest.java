package dev.curfew.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreFullException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When exactly the store in memory makes room, and when it falls back to something coarser. Its birth counts too. */
class CapacityFallbackTest {
    private static final Instant NOW = Given.NOW;
    private static final Instant SOON = NOW.plusSeconds(1);
    private static final Duration DELAY = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private int acts;

    @Test
    void from_the_bound_on_subjects_are_revoked_for_a_quarter_more_and_then_the_realm_instead_of_all() {
        InMemorySessionStore store = store(8);
        List<Kind> kinds = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            kinds.add(revoke(store, NOW.plusSeconds(i), NOW.plus(Duration.ofDays(1))));
        }

        List<Kind> expected = new ArrayList<>(Collections.nCopies(7, Kind.TOKEN));
        expected.addAll(Collections.nCopies(3, Kind.SUBJECT));
        expected.addAll(List.of(Kind.REALM, Kind.TOKEN));
        assertThat(kinds).isEqualTo(expected);
    }

    /** Looking for what is forgotten costs as much as there is, so that a flood must not cause it at each call. */
    @Test
    void a_full_store_drops_what_is_forgotten_once_a_minute() {
        InMemorySessionStore store = store(4);
        for (int i = 0; i < 3; i++) {
            assertThat(revoke(store, NOW, SOON)).isEqualTo(Kind.TOKEN);
        }
        Instant first = NOW.plus(DELAY);

        assertThat(revoke(store, first, first.plus(DELAY)))
                .as("a second too early for all of them")
                .isEqualTo(Kind.SUBJECT);
        assertThat(revoke(store, first.plus(MINUTE).minusNanos(1), first.plus(DELAY)))
                .as("nothing was looked for")
                .isEqualTo(Kind.SUBJECT);
        assertThat(revoke(store, first.plus(MINUTE), first.plus(DELAY))).isEqualTo(Kind.TOKEN);
    }

    @Test
    void a_clock_that_was_set_back_does_not_keep_the_next_look_away() {
        InMemorySessionStore store = store(4);
        for (int i = 0; i < 3; i++) {
            revoke(store, NOW, SOON);
        }
        Instant wrong = NOW.plus(Duration.ofDays(30));
        assertThat(revoke(store, wrong, wrong.plus(DELAY))).isEqualTo(Kind.TOKEN);
        for (int i = 0; i < 2; i++) {
            assertThat(revoke(store, NOW, SOON)).isEqualTo(Kind.TOKEN);
        }

        assertThat(revoke(store, NOW.plus(DELAY).plus(MINUTE), NOW.plus(Duration.ofDays(1))))
                .as("full, and its last look is in the future")
                .isEqualTo(Kind.TOKEN);
    }

    @Test
    void a_full_store_removes_sessions_that_have_ended_once_in_ten_seconds() {
        InMemorySessionStore store =
                InMemorySessionStore.builder().maxSessions(2).build();
        store.open(Given.SETTINGS, Given.BIRTH);
        GivenSession shortLived = login(
                store,
                Given.session(Given.subject("alice"))
                        .lasting(Duration.ofSeconds(5))
                        .build(),
                NOW);
        GivenSession other = login(store, Given.session(Given.subject("bob")).build(), NOW);
        GivenSession next = Given.session(Given.subject("carol")).build();

        isFull(store, next, NOW);
        isFull(store, next, NOW.plusSeconds(10).minusNanos(1));
        Instant later = NOW.plusSeconds(10);
        login(store, next, later);

        assertThat(store.find(shortLived.ref(), later)).isEmpty();
        assertThat(store.find(other.ref(), later)).isPresent();
    }

    private static void isFull(InMemorySessionStore store, GivenSession session, Instant now) {
        assertThatExceptionOfType(StoreFullException.class)
                .isThrownBy(() -> store.insert(session.row(), SessionLimit.unlimited(), now))
                .withMessageContaining("maxSessions=2");
    }

    private static GivenSession login(InMemorySessionStore store, GivenSession session, Instant now) {
        assertThat(store.insert(session.row(), SessionLimit.unlimited(), now))
                .isEqualTo(new InsertResult.Inserted(List.of()));
        return session;
    }

    private static InMemorySessionStore store(int maxRevocations) {
        InMemorySessionStore store =
                InMemorySessionStore.builder().maxRevocations(maxRevocations).build();
        store.open(Given.SETTINGS, Given.BIRTH);
        return store;
    }

    /** Revokes a token of somebody else each time, or what is revoked in its place. */
    private Kind revoke(InMemorySessionStore store, Instant now, Instant forgetAfter) {
        SubjectId subject = Given.subject("subject-" + acts);
        acts++;
        RevocationTarget token = RevocationTarget.token(
                Given.token(subject, "jti-" + acts).issuedAt(now).build());
        RevokeResult result = store.revoke(
                Given.act(token)
                        .forgetAfter(forgetAfter)
                        .coarser(List.of(RevocationTarget.subject(subject), RevocationTarget.realm(Given.REALM)))
                        .build(),
                Precondition.none(),
                now);
        return ((RevokeResult.Recorded) result).entry().target().kind();
    }
}
