package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What callers may revoke: their own, as long as they are not revoked themselves; ownership is part of the atomic step.
 */
@Tag("Owning")
abstract class PreconditionContract extends StoreContract {
    private static final RevokeResult NOT_OWNED = new RevokeResult.NotOwned();

    PreconditionContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void callers_end_another_session_of_theirs() {
        GivenSession current = loggedIn(alice);
        GivenSession other = loggedIn(alice);

        RevokeResult.Recorded result = recorded(revokeAs(current, other.target()));

        assertThat(result.newlyCovered()).isEqualTo(1);
        assertThat(live(alice)).containsExactly(keys(current));
    }

    @Test
    void callers_end_a_foreign_session_of_theirs() {
        GivenSession current = loggedIn(alice);
        GivenSession other = insert(session(alice).foreign("sid-1").build());

        assertThat(recorded(revokeAs(current, other.target())).newlyCovered()).isEqualTo(1);
        assertThat(live(alice)).containsExactly(keys(current));
    }

    @Test
    void callers_end_their_current_session() {
        GivenSession current = loggedIn(alice);

        assertThat(recorded(revokeAs(current, current.target())).newlyCovered()).isEqualTo(1);
        assertThat(isLive(current)).isFalse();
    }

    @Test
    void a_current_session_that_is_not_stored_is_the_callers_own() {
        GivenSession ours = session(alice).build();
        GivenSession foreign = session(bob).foreign("sid-1").build();

        assertThat(recorded(revokeAs(ours, ours.target())).changed()).isTrue();
        assertThat(recorded(revokeAs(foreign, foreign.target())).changed()).isTrue();

        assertThat(isCovered(ours.token("u"))).isTrue();
        assertThat(isCovered(foreign.token("u"))).isTrue();
    }

    @Test
    void a_caller_without_a_subject_owns_the_session_that_the_token_names() {
        GivenSession session = loggedIn(alice);
        TokenFacts caller = TokenFacts.in(Given.REALM)
                .token(TokenId.ofJti("t"))
                .session(session.handle())
                .issuedAt(now())
                .build();
        GivenSession other = loggedIn(alice);

        assertThat(revokeAs(caller, other.target())).isEqualTo(NOT_OWNED);
        assertThat(revokeAs(caller, RevocationTarget.subject(alice))).isEqualTo(NOT_OWNED);
        assertThat(recorded(revokeAs(caller, session.target())).newlyCovered()).isEqualTo(1);
        assertThat(live(alice)).containsExactly(keys(other));
    }

    @Test
    void callers_revoke_their_own_token() {
        GivenSession current = loggedIn(alice);

        assertThat(recorded(revokeAs(current, RevocationTarget.token(current.token("t"))))
                        .newlyCovered())
                .isEqualTo(1);
        assertThat(isCovered(current.token("t"))).isTrue();
        assertThat(isCovered(current.token("u"))).isFalse();
    }

    @Test
    void callers_end_all_their_sessions() {
        GivenSession current = loggedIn(alice);
        loggedIn(alice);

        assertThat(recorded(revokeAs(current, RevocationTarget.subject(alice))).newlyCovered())
                .isEqualTo(2);
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void what_is_unknown_foreign_or_of_another_realm_answers_alike_and_changes_nothing() {
        SubjectId elsewhere = new SubjectId(Realm.of("other"), alice.value());
        GivenSession current = loggedIn(alice);
        GivenSession hisSession = loggedIn(bob);
        GivenSession hisForeign = insert(session(bob).foreign("sid-1").build());
        GivenSession sameNameElsewhere = loggedIn(elsewhere);
        GivenSession unknown = session(alice).build();
        GivenSession unknownForeign = session(alice).foreign("sid-9").build();
        FeedReader reader = caughtUpReader();

        Stream<RevocationTarget> targets = Stream.of(
                hisSession.target(),
                hisForeign.target(),
                sameNameElsewhere.target(),
                unknown.target(),
                unknownForeign.target(),
                RevocationTarget.session(new SessionRef(
                        elsewhere.realm(), current.handle(), current.row().bucket())),
                RevocationTarget.subject(bob),
                RevocationTarget.subject(elsewhere),
                RevocationTarget.token(hisSession.token("his")),
                RevocationTarget.token(current.token("another")),
                Given.tokenTarget(elsewhere, "t"));

        assertThat(targets)
                .allSatisfy(target -> assertThat(revokeAs(current, target))
                        .isEqualTo(NOT_OWNED)
                        .hasSameHashCodeAs(NOT_OWNED));
        assertThat(reader.readOn()).isEmpty();
        assertThat(isLive(current)).isTrue();
        assertThat(isLive(hisSession)).isTrue();
        assertThat(isLive(hisForeign)).isTrue();
        assertThat(isLive(sameNameElsewhere)).isTrue();
        insert(unknown);
    }

    @Test
    void nobody_owns_a_client_a_realm_or_a_signing_key() {
        GivenSession current = insert(session(alice).client(Given.client("web")).build());
        FeedReader reader = caughtUpReader();

        assertThat(Stream.of(
                        RevocationTarget.client(Given.client("web")),
                        RevocationTarget.realm(Given.REALM),
                        RevocationTarget.signingKey("thumb")))
                .allSatisfy(target -> assertThat(revokeAs(current, target)).isEqualTo(NOT_OWNED));
        assertThat(reader.readOn()).isEmpty();
        assertThat(isLive(current)).isTrue();
    }

    @Test
    void callers_who_are_revoked_end_nothing() {
        GivenSession current = loggedIn(alice);
        GivenSession other = loggedIn(alice);
        Revocation by = revoke(current.target()).entry();
        FeedReader reader = caughtUpReader();

        assertThat(Stream.of(
                        other.target(),
                        current.target(),
                        RevocationTarget.subject(alice),
                        RevocationTarget.token(current.token("t")),
                        loggedIn(bob).target(),
                        session(alice).build().target()))
                .allSatisfy(
                        target -> assertThat(revokeAs(current, target)).isEqualTo(new RevokeResult.CallerRevoked(by)));
        assertThat(reader.readOn()).isEmpty();
        assertThat(live(alice)).containsExactly(keys(other));
    }

    @Test
    void callers_whose_token_alone_is_revoked_end_nothing() {
        GivenSession current = loggedIn(alice);
        Revocation by = revoke(RevocationTarget.token(current.token("t"))).entry();

        assertThat(revokeAs(current, current.target())).isEqualTo(new RevokeResult.CallerRevoked(by));
        assertThat(isLive(current)).isTrue();
    }

    @Test
    void callers_whom_a_cut_off_covers_learn_the_first_that_did() {
        GivenSession current = insert(session(alice).client(Given.client("web")).build());
        Revocation by = revoke(RevocationTarget.client(Given.client("web"))).entry();
        clock.advance(Duration.ofMillis(1));
        revoke(RevocationTarget.realm(Given.REALM));
        TokenFacts caller = TokenFacts.in(Given.REALM)
                .token(TokenId.ofJti("t"))
                .session(current.handle())
                .subject(alice)
                .client(Given.client("web"))
                .build();

        assertThat(revokeAs(caller, current.target())).isEqualTo(new RevokeResult.CallerRevoked(by));
    }

    @Test
    void callers_older_than_the_store_end_nothing() {
        GivenSession old = Given.session(alice).began(Given.BIRTH).build();
        GivenSession other = loggedIn(alice);

        assertThat(revokeAs(old, other.target())).isInstanceOf(RevokeResult.CallerRevoked.class);
        assertThat(isLive(other)).isTrue();
    }

    @Test
    void callers_end_again_what_they_ended_before_and_nothing_changes() {
        GivenSession current = loggedIn(alice);
        GivenSession other = loggedIn(alice);
        Revocation entry = recorded(revokeAs(current, other.target())).entry();
        FeedReader reader = caughtUpReader();

        assertThat(revokeAs(current, other.target())).isEqualTo(new RevokeResult.Recorded(entry, 0, false));
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void callers_end_a_session_of_theirs_that_has_expired() {
        GivenSession other = insert(session(alice).idle(Duration.ofMinutes(1)).build());
        clock.advance(Duration.ofMinutes(1));
        GivenSession current = loggedIn(alice);

        assertThat(recorded(revokeAs(current, other.target())).newlyCovered()).isZero();
        assertThat(isCovered(other.token("t"))).isTrue();
    }

    @Test
    void callers_end_all_but_their_current_session() {
        GivenSession current = loggedIn(alice);
        GivenSession other = loggedIn(alice);
        GivenSession his = loggedIn(bob);

        RevokeResult.Recorded result = recorded(revoke(
                Given.act(RevocationTarget.subject(alice))
                        .exempt(current.exempt())
                        .build(),
                Precondition.ownedBy(current.token("t"))));

        assertThat(result.newlyCovered()).isEqualTo(1);
        assertThat(live(alice)).containsExactly(keys(current));
        assertThat(isLive(other)).isFalse();
        assertThat(isLive(his)).isTrue();
    }

    private RevokeResult revokeAs(GivenSession caller, RevocationTarget target) {
        return revokeAs(caller.token("t"), target);
    }

    private RevokeResult revokeAs(TokenFacts caller, RevocationTarget target) {
        return revoke(Given.act(target).build(), Precondition.ownedBy(caller));
    }
}
