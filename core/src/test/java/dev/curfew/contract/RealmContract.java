package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two realms never see each other, although every name in them is the same. */
@Tag("Realms")
abstract class RealmContract extends StoreContract {
    private static final Realm OTHER = Realm.of("other");

    private final SubjectId twin = new SubjectId(OTHER, alice.value());

    RealmContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void a_foreign_id_names_a_session_in_each_realm() {
        GivenSession here = insert(session(alice).foreign("sid-1").build());
        GivenSession there = insert(session(twin).foreign("sid-1").build());

        assertThat(live(alice)).containsExactly(keys(here));
        assertThat(live(twin)).containsExactly(keys(there));
    }

    @Test
    void an_id_of_ours_is_not_found_in_another_realm() {
        GivenSession here = insert(session(alice).secret("secret").build());
        SessionRef there = new SessionRef(OTHER, here.handle(), here.row().bucket());
        clock.advance(Duration.ofMinutes(1));

        assertThat(store().find(there, now())).isEmpty();
        assertThat(store().touch(List.of(new Touch(there, now())), now())).isEmpty();
        assertThat(store().rotate(there, Given.exchange("secret", "next"), now()))
                .isEqualTo(new RotateResult.NotLive(Optional.empty()));
        assertThat(revoke(RevocationTarget.session(there)).newlyCovered()).isZero();
        assertThat(isLive(here)).isTrue();
        assertThat(isCovered(here.token("t"))).isFalse();
    }

    @Test
    void a_revoked_session_leaves_its_namesake_alone() {
        GivenSession here = insert(session(alice).foreign("sid-1").build());
        GivenSession there = insert(session(twin).foreign("sid-1").build());

        revoke(here.target());

        assertThat(isLive(here)).isFalse();
        assertThat(isLive(there)).isTrue();
        assertThat(isCovered(there.token("t"))).isFalse();
    }

    @Test
    void a_foreign_session_of_an_unknown_subject_is_revoked_in_its_realm_only() {
        GivenSession there = insert(session(twin).foreign("sid-1").build());

        revoke(RevocationTarget.session(
                new SessionRef(Given.REALM, new ForeignSessionId("sid-1"), SessionRef.UNROUTED)));

        assertThat(isLive(there)).isTrue();
    }

    @Test
    void a_revoked_token_leaves_its_namesake_alone() {
        revoke(Given.tokenTarget(alice, "jti-1"));

        assertThat(isCovered(Given.token(alice, "jti-1").issuedAt(now()).build()))
                .isTrue();
        assertThat(isCovered(Given.token(twin, "jti-1").issuedAt(now()).build()))
                .isFalse();
    }

    @Test
    void a_revoked_subject_leaves_its_namesake_alone() {
        loggedIn(alice);
        GivenSession there = loggedIn(twin);

        assertThat(revoke(RevocationTarget.subject(alice)).newlyCovered()).isEqualTo(1);

        assertThat(live(twin)).containsExactly(keys(there));
        assertThat(isCovered(Given.token(twin, "t").issuedAt(now()).build())).isFalse();
    }

    @Test
    void a_revoked_client_leaves_its_namesake_alone() {
        ClientId there = new ClientId(OTHER, "web");
        GivenSession session = insert(session(twin).client(there).build());

        revoke(RevocationTarget.client(Given.client("web")));

        assertThat(isLive(session)).isTrue();
        assertThat(isCovered(TokenFacts.in(OTHER).client(there).issuedAt(now()).build()))
                .isFalse();
    }

    @Test
    void a_revoked_realm_leaves_the_other_alone() {
        GivenSession here = loggedIn(alice);
        GivenSession there = loggedIn(twin);

        revoke(RevocationTarget.realm(OTHER));

        assertThat(isLive(here)).isTrue();
        assertThat(isLive(there)).isFalse();
    }

    @Test
    void a_limit_counts_in_its_realm_only() {
        loggedIn(twin);

        assertThat(insert(session(alice).build(), SessionLimit.refuseBeyond(1)))
                .isEqualTo(new InsertResult.Inserted(List.of()));
        assertThat(insert(session(twin).build(), SessionLimit.refuseBeyond(1)))
                .isEqualTo(new InsertResult.OverLimit(1));
    }

    @Test
    void neighbouring_names_of_realm_and_subject_do_not_run_together() {
        SubjectId abC = new SubjectId(Realm.of("ab"), "c");
        SubjectId aBc = new SubjectId(Realm.of("a"), "bc");
        GivenSession first = loggedIn(abC);
        GivenSession second = loggedIn(aBc);

        revoke(RevocationTarget.subject(abC));
        revoke(Given.tokenTarget(abC, "t"));

        assertThat(isLive(first)).isFalse();
        assertThat(isLive(second)).isTrue();
        assertThat(isCovered(Given.token(aBc, "t").issuedAt(now()).build())).isFalse();
    }
}
