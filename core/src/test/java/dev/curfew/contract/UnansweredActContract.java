package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionRef;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RevokeResult.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An act that the store did not answer, and that a node records later by itself with the instants of the call, keeps
 * its name: whoever repeats it learns what it did, and ends nothing that began since.
 */
@Tag("Unanswered")
abstract class UnansweredActContract extends StoreContract {
    private static final Duration LATER = Duration.ofMinutes(3);

    UnansweredActContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsNames() {
        needs(StoreCapability.INSISTED_ACTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token",
                "session",
                "foreign session",
                "unrouted",
                "message",
                "subject",
                "others",
                "client",
                "realm",
                "key"
            })
    void what_had_come_to_pass_is_not_written_again(String kind) {
        RevocationRequest request = request(kind);
        Revocation insisted = insistedNow(request);
        Recorded first = revoke(request);
        clock.advance(LATER);
        GivenSession since = loggedIn(bob);
        FeedReader reader = caughtUpReader();

        Recorded again = revoke(request.fixedAs(insisted));

        assertThat(again).isEqualTo(new Recorded(first.entry(), first.newlyCovered(), false));
        assertThat(revoke(request)).isEqualTo(again);
        assertThat(reader.readOn()).isEmpty();
        assertThat(isLive(since)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token",
                "session",
                "foreign session",
                "unrouted",
                "message",
                "subject",
                "others",
                "client",
                "realm",
                "key"
            })
    void what_had_not_is_written_verbatim_and_a_repeat_answers_its_count(String kind) {
        loggedIn(alice);
        RevocationRequest request = request(kind);
        Revocation insisted = insistedNow(request);
        long count = countOf(kind);
        clock.advance(LATER);
        GivenSession since = loggedIn(alice);
        FeedReader reader = caughtUpReader();

        Recorded recorded = revoke(request.fixedAs(insisted));

        assertThat(recorded).isEqualTo(new Recorded(insisted, count, true));
        assertThat(reader.revocations()).containsExactly(insisted);
        clock.advance(LATER);
        assertThat(revoke(request)).isEqualTo(new Recorded(insisted, count, false));
        assertThat(revoke(request.fixedAs(insisted))).isEqualTo(new Recorded(insisted, count, false));
        assertThat(reader.readOn()).isEmpty();
        assertThat(isLive(since)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void two_acts_upon_one_target_keep_their_names_in_either_order(boolean isEarlierFirst) {
        GivenSession old = loggedIn(alice);
        RevocationRequest earlier = Given.act(RevocationTarget.subject(alice)).build();
        RevocationRequest later = Given.act(RevocationTarget.subject(alice)).build();
        Revocation earlierEntry = insistedNow(earlier);
        clock.advance(LATER);
        GivenSession between = loggedIn(alice);
        Revocation laterEntry = insistedNow(later);
        clock.advance(LATER);
        GivenSession since = loggedIn(alice);

        Recorded first = revoke(isEarlierFirst ? earlier.fixedAs(earlierEntry) : later.fixedAs(laterEntry));
        Recorded second = revoke(isEarlierFirst ? later.fixedAs(laterEntry) : earlier.fixedAs(earlierEntry));

        assertThat(List.of(first.newlyCovered(), second.newlyCovered()))
                .isEqualTo(isEarlierFirst ? List.of(1L, 1L) : List.of(2L, 0L));
        FeedReader reader = caughtUpReader();
        clock.advance(LATER);
        assertThat(unchanged(earlier)).isEqualTo(isEarlierFirst ? 1 : 0);
        assertThat(unchanged(later)).isEqualTo(isEarlierFirst ? 1 : 2);
        assertThat(reader.readOn()).isEmpty();
        assertThat(List.of(isLive(old), isLive(between), isLive(since))).isEqualTo(List.of(false, false, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"foreign session", "unrouted", "message", "subject", "others", "client", "realm"})
    void what_another_act_has_made_superfluous_is_recognised_all_the_same(String kind) {
        RevocationRequest request = request(kind);
        Revocation insisted = insistedNow(request);
        clock.advance(LATER);
        Recorded other = revoke(sameBy(request));
        clock.advance(LATER);
        GivenSession since = loggedIn(alice);

        Recorded recorded = revoke(request.fixedAs(insisted));

        assertThat(Math.max(0, recorded.newlyCovered())).isZero();
        FeedReader reader = caughtUpReader();
        clock.advance(LATER);
        assertThat(Math.max(0, unchanged(request))).isZero();
        assertThat(reader.readOn()).isEmpty();
        assertThat(isLive(since)).isTrue();
        assertThat(unchanged(sameBy(request).fixedAs(other.entry()), other)).isTrue();
    }

    @Test
    void a_session_of_the_caller_that_is_not_stored_counts_as_in_the_call() {
        GivenSession session = session(alice).build();
        Precondition own = Precondition.ownedBy(session.token("t"));
        RevocationRequest logout = Given.act(session.target())
                .forgetAfter(session.row().forgetAfter())
                .build();
        Revocation insisted = insistedNow(logout);
        clock.advance(LATER);

        assertThat(revoke(logout.fixedAs(insisted), own)).isEqualTo(new Recorded(insisted, 1, true));

        assertThat(revoke(logout, own)).isEqualTo(new Recorded(insisted, 1, false));
    }

    @Test
    void a_new_life_of_a_foreign_session_is_neither_ended_nor_counted() {
        GivenSession old = insert(session(alice).foreign("sid-1").build());
        RevocationRequest request = Given.act(old.target()).build();
        Revocation insisted = insistedNow(request);
        revoke(Given.act(old.target()).build());
        clock.advance(LATER);
        GivenSession next = insert(session(alice).foreign("sid-1").build());

        assertThat(revoke(request.fixedAs(insisted)).newlyCovered()).isZero();

        assertThat(isLive(next)).isTrue();
        clock.advance(LATER);
        assertThat(revoke(request).changed()).isFalse();
        assertThat(isLive(next)).isTrue();
    }

    @Test
    void what_has_been_forgotten_meanwhile_is_not_written() {
        RevocationRequest request = Given.act(Given.tokenTarget(alice, "t"))
                .forgetAfter(now().plus(Duration.ofMinutes(1)))
                .build();
        Revocation insisted = insistedNow(request);
        clock.advance(LATER);
        FeedReader reader = caughtUpReader();

        assertThat(revoke(request.fixedAs(insisted)).changed()).isFalse();

        assertThat(reader.readOn()).isEmpty();
    }

    /** A bounded store revokes what is coarser up to the same instant, and not up to a later one. */
    @Test
    void a_coarser_target_for_want_of_room_is_revoked_up_to_the_same_instant() {
        needs(StoreCapability.BOUNDED);
        use(opened(fixture().boundedStore(100, 4)));
        for (int i = 0; i < 10; i++) {
            revoke(Given.act(RevocationTarget.subject(Given.subject("other-" + i)))
                    .coarser(List.of(RevocationTarget.realm(Given.REALM)))
                    .build());
        }
        clock.advance(LATER);
        GivenSession old = loggedIn(alice);
        RevocationRequest request = Given.act(RevocationTarget.subject(alice))
                .coarser(List.of(RevocationTarget.realm(Given.REALM)))
                .build();
        Revocation insisted = insistedNow(request);
        clock.advance(LATER);
        GivenSession since = loggedIn(alice);

        Recorded recorded = revoke(request.fixedAs(insisted));

        assertThat(recorded.entry().target().kind()).isEqualTo(RevocationTarget.Kind.REALM);
        assertThat(recorded.entry().issuedBefore()).isEqualTo(insisted.issuedBefore());
        assertThat(isLive(old)).isFalse();
        assertThat(isLive(since)).isTrue();
        clock.advance(LATER);
        assertThat(revoke(request)).isEqualTo(new Recorded(recorded.entry(), recorded.newlyCovered(), false));
        assertThat(isLive(since)).isTrue();
    }

    /** What a node makes of a call that its store does not answer. */
    private Revocation insistedNow(RevocationRequest request) {
        return request.fix(now(), Given.SETTINGS, Instant.EPOCH, Optional.empty());
    }

    private long unchanged(RevocationRequest request) {
        Recorded repeat = revoke(request);
        assertThat(repeat.changed()).isFalse();
        return repeat.newlyCovered();
    }

    private boolean unchanged(RevocationRequest request, Recorded standing) {
        return revoke(request).entry().join(standing.entry()).equals(standing.entry());
    }

    /** Another act of the same content. */
    private static RevocationRequest sameBy(RevocationRequest request) {
        RevocationRequest.Builder same = Given.act(request.target());
        request.exempt().ifPresent(same::exempt);
        return same.build();
    }

    private static long countOf(String kind) {
        return switch (kind) {
            case "token", "session", "foreign session", "unrouted", "message" -> 1;
            case "subject" -> 2;
            case "others" -> 1;
            default -> RevokeResult.Recorded.UNCOUNTED;
        };
    }

    /** A request upon what is there now; {@code alice} has one session more afterwards, if it is about that. */
    private RevocationRequest request(String kind) {
        return switch (kind) {
            case "token" ->
                Given.act(Given.tokenTarget(alice, "t"))
                        .forgetAfter(now().plus(Duration.ofHours(1)))
                        .build();
            case "session" -> {
                GivenSession session = loggedIn(alice);
                yield Given.act(session.target())
                        .forgetAfter(session.row().forgetAfter())
                        .build();
            }
            case "foreign session" ->
                Given.act(insert(session(alice).foreign("sid-1").build()).target())
                        .build();
            case "unrouted" -> {
                GivenSession session = insert(session(alice).foreign("sid-1").build());
                yield Given.act(RevocationTarget.session(
                                new SessionRef(Given.REALM, session.handle(), SessionRef.UNROUTED)))
                        .build();
            }
            case "message" -> {
                GivenSession session = insert(session(alice).foreign("sid-1").build());
                yield Given.act(RevocationTarget.session(
                                new SessionRef(Given.REALM, session.handle(), SessionRef.UNROUTED)))
                        .issuedBefore(now())
                        .forgetAfter(now().plus(Duration.ofDays(1)))
                        .build();
            }
            case "subject" -> {
                loggedIn(alice);
                yield Given.act(RevocationTarget.subject(alice)).build();
            }
            case "others" ->
                Given.act(RevocationTarget.subject(alice))
                        .exempt(ExemptSession.of(loggedIn(alice).ref()))
                        .build();
            case "client" ->
                Given.act(RevocationTarget.client(Given.client("web"))).build();
            case "realm" -> Given.act(RevocationTarget.realm(Given.REALM)).build();
            case "key" -> Given.act(RevocationTarget.signingKey("thumb")).build();
            default -> throw new AssertionError(kind);
        };
    }
}
