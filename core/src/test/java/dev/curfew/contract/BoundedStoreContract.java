package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreFullException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A store with a bound: where it is full it refuses logins, never revocations, and it drops nothing live. */
@Tag("Bounds")
abstract class BoundedStoreContract extends StoreContract {
    private static final int SESSIONS = 40;
    private static final int REVOCATIONS = 60;

    BoundedStoreContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void useBoundedStore() {
        needs(StoreCapability.BOUNDED);
        use(opened(fixture().boundedStore(SESSIONS, REVOCATIONS)));
    }

    @Test
    void a_login_at_the_bound_is_refused_and_no_live_session_makes_room_for_it() {
        List<GivenSession> sessions = fillWithSessions();
        GivenSession oneTooMany = session(bob).build();

        assertThatExceptionOfType(StoreFullException.class)
                .isThrownBy(() -> insert(oneTooMany, SessionLimit.unlimited()))
                .satisfies(full -> assertThat(full.isRetryable()).isTrue());

        assertThat(find(oneTooMany)).isEmpty();
        assertThat(sessions).allSatisfy(session -> assertThat(isLive(session)).isTrue());
    }

    @Test
    void a_login_at_the_bound_replaces_nothing_if_it_is_refused() {
        GivenSession old = fillWithSessions().get(0);
        GivenSession oneTooMany = session(old.subject()).build();
        FeedReader reader = caughtUpReader();

        assertThatExceptionOfType(StoreFullException.class)
                .isThrownBy(() -> insert(oneTooMany, SessionLimit.unlimited(), old.ref()));

        assertThat(find(oneTooMany)).isEmpty();
        assertThat(isLive(old)).isTrue();
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_login_at_the_bound_learns_first_why_it_would_be_refused_anyway() {
        List<GivenSession> sessions = fillWithSessions();

        GivenSession sameId = session(sessions.get(0).subject())
                .id(sessions.get(0).row().id().orElseThrow())
                .secret("other")
                .build();
        assertThat(insert(sameId, SessionLimit.unlimited())).isEqualTo(new InsertResult.AlreadyKnown());
        assertThat(insert(sessions.get(0), SessionLimit.unlimited())).isEqualTo(new InsertResult.Inserted(List.of()));
        assertThat(insert(session(sessions.get(0).subject()).build(), SessionLimit.refuseBeyond(1)))
                .isEqualTo(new InsertResult.OverLimit(1));
    }

    @Test
    void there_is_room_again_once_sessions_have_ended_and_were_purged() {
        fillWithSessions();
        clock.advance(Duration.ofDays(40));

        store().purge(now(), 1_000);

        assertThat(fillWithSessions()).hasSize(SESSIONS);
    }

    @Test
    void a_session_at_the_bound_can_be_revoked() {
        List<GivenSession> sessions = fillWithSessions();

        assertThat(sessions).allSatisfy(session -> {
            assertThat(revoke(session.target()).newlyCovered()).isEqualTo(1);
            assertThat(isLive(session)).isFalse();
        });
    }

    @Test
    void a_token_is_always_covered_by_itself_or_by_something_coarser() {
        List<TokenFacts> tokens = new ArrayList<>();
        for (int i = 0; i < 5 * REVOCATIONS; i++) {
            GivenSession session = session(alice).build();
            TokenFacts token = session.token("jti-" + i);
            RevokeResult.Recorded result = revoke(Given.act(RevocationTarget.token(token))
                    .coarser(List.of(
                            session.target(), RevocationTarget.subject(alice), RevocationTarget.realm(Given.REALM)))
                    .build());

            assertThat(result.entry().covers(token)).isTrue();
            isAddedAndAllAreCovered(token, tokens);
        }
        GivenSession elsewhere =
                session(new SubjectId(Realm.of("other"), "alice")).build();
        assertThat(isCovered(elsewhere.token("t"))).isFalse();
    }

    @Test
    void at_the_bound_something_coarser_is_revoked_so_that_one_subject_cannot_fill_the_store() {
        int tokens = 0;
        RevocationTarget last = Given.tokenTarget(alice, "none");
        for (int i = 0; i < 2 * REVOCATIONS; i++) {
            last = revoke(Given.act(Given.tokenTarget(alice, "jti-" + i))
                            .coarser(List.of(RevocationTarget.subject(alice), RevocationTarget.realm(Given.REALM)))
                            .build())
                    .entry()
                    .target();
            tokens += last.kind() == RevocationTarget.Kind.TOKEN ? 1 : 0;
        }

        assertThat(tokens).isBetween(1, REVOCATIONS);
        assertThat(last.kind()).isNotEqualTo(RevocationTarget.Kind.TOKEN);
    }

    @Test
    void every_subject_is_covered_however_many_there_are() {
        List<TokenFacts> tokens = new ArrayList<>();
        for (int i = 0; i < 5 * REVOCATIONS; i++) {
            GivenSession session = session(Given.subject("subject-" + i)).build();
            revoke(Given.act(session.target())
                    .coarser(List.of(RevocationTarget.subject(session.subject()), RevocationTarget.realm(Given.REALM)))
                    .build());

            isAddedAndAllAreCovered(session.token("t"), tokens);
        }
    }

    @Test
    void a_revocation_without_anything_coarser_is_not_refused_either() {
        List<TokenFacts> tokens = new ArrayList<>();
        for (int i = 0; i < 2 * REVOCATIONS; i++) {
            TokenFacts token = Given.token(bob, "jti-" + i).issuedAt(now()).build();
            revoke(RevocationTarget.token(token));

            isAddedAndAllAreCovered(token, tokens);
        }
    }

    @Test
    void a_coarser_revocation_comes_by_the_feed_as_it_was_recorded() {
        FeedReader reader = caughtUpReader();
        List<Revocation> recorded = new ArrayList<>();
        for (int i = 0; i < 2 * REVOCATIONS; i++) {
            RevokeResult.Recorded result = revoke(Given.act(Given.tokenTarget(alice, "jti-" + i))
                    .coarser(List.of(RevocationTarget.subject(alice), RevocationTarget.realm(Given.REALM)))
                    .build());
            if (result.changed()) {
                recorded.add(result.entry());
            }
        }

        List<Revocation> read = List.copyOf(reader.revocations());
        assertThat(recorded).containsAll(read);
        assertThat(recorded)
                .allMatch(entry -> read.stream().anyMatch(other -> other.equals(entry) || other.supersedes(entry)));
    }

    @Test
    void what_is_done_already_is_not_done_in_a_coarser_way_at_the_bound() {
        GivenSession other = loggedIn(bob);
        RevocationRequest ending = Given.act(other.target())
                .coarser(List.of(RevocationTarget.subject(bob), RevocationTarget.realm(Given.REALM)))
                .build();
        Revocation first = revoke(ending).entry();
        for (int i = 0; i < 2 * REVOCATIONS; i++) {
            revoke(Given.tokenTarget(alice, "jti-" + i));
        }
        GivenSession current = loggedIn(bob);

        RevocationRequest again = Given.act(other.target())
                .coarser(List.of(RevocationTarget.subject(bob), RevocationTarget.realm(Given.REALM)))
                .build();

        assertThat(revoke(again)).isEqualTo(new RevokeResult.Recorded(first, 0, false));
        assertThat(isLive(current)).isTrue();
    }

    /** All of them only now and then: their number squared is much. */
    private void isAddedAndAllAreCovered(TokenFacts token, List<TokenFacts> tokens) {
        tokens.add(token);
        assertThat(isCovered(token)).isTrue();
        if (tokens.size() % (REVOCATIONS / 4) == 0) {
            assertThat(tokens).allMatch(this::isCovered);
        }
    }

    private List<GivenSession> fillWithSessions() {
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(loggedIn(Given.subject("subject-" + i)));
        }
        return sessions;
    }
}
