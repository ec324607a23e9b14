package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.StoredSession;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Adding a session, and finding it as it was added. */
@Tag("Inserting")
abstract class InsertContract extends StoreContract {
    InsertContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void a_session_is_found_with_everything_that_was_stored() {
        GivenSession session = insert(session(alice)
                .stored(now().plusMillis(7))
                .lasting(Duration.ofHours(9))
                .idle(Duration.ofMinutes(31))
                .client(Given.client("web"))
                .secret("first")
                .credential(new byte[] {-128, 10, 0, 13})
                .payload(new byte[] {0, -1, 127, -128, 10, 0})
                .build());

        FoundSession found = find(session).orElseThrow();

        assertThat(found.coveredBy()).isEmpty();
        assertThat(found.endedBy()).isEmpty();
        assertThat(found.isLive(now())).isTrue();
        assertSameRow(found.session(), session.row());
    }

    @Test
    void a_session_without_client_secret_and_payload_is_found_without_them() {
        GivenSession session = insert(session(alice).payload(new byte[0]).build());

        assertSameRow(find(session).orElseThrow().session(), session.row());
    }

    @Test
    void a_foreign_session_is_found_without_an_id_of_ours() {
        GivenSession session = insert(session(alice).foreign("sid-1").build());

        StoredSession row = find(session).orElseThrow().session();
        assertSameRow(row, session.row());
        assertThat(row.id()).isEmpty();
        assertThat(row.target()).isEqualTo(session.target());
    }

    @Test
    void an_unknown_session_is_not_found() {
        loggedIn(alice);

        assertThat(find(session(alice).build())).isEmpty();
        assertThat(find(session(alice).foreign("nobody").build())).isEmpty();
    }

    @Test
    void a_known_id_is_refused_and_its_row_stays_as_it_was() {
        GivenSession first = insert(session(alice).secret("first").build());
        GivenSession second = session(alice)
                .id(first.row().id().orElseThrow())
                .lasting(Duration.ofDays(1))
                .secret("second")
                .build();

        assertThat(insert(second, SessionLimit.unlimited())).isEqualTo(new InsertResult.AlreadyKnown());

        assertSameRow(find(first).orElseThrow().session(), first.row());
        assertThat(live(alice)).containsExactly(keys(first));
    }

    @Test
    void an_id_of_ours_is_known_also_after_its_session_expired() {
        GivenSession expired =
                insert(session(alice).lasting(Duration.ofHours(1)).build());
        clock.advance(Duration.ofHours(2));

        assertThat(insert(expired, SessionLimit.unlimited())).isEqualTo(new InsertResult.AlreadyKnown());
    }

    @Test
    void an_id_of_ours_is_known_also_after_its_session_was_revoked() {
        GivenSession revoked = loggedIn(alice);
        revoke(revoked.target());
        GivenSession other = session(alice)
                .id(revoked.row().id().orElseThrow())
                .secret("other")
                .build();

        assertThat(insert(other, SessionLimit.unlimited())).isEqualTo(new InsertResult.AlreadyKnown());
    }

    @Test
    void a_session_that_was_revoked_before_it_was_stored_is_refused() {
        GivenSession session = session(alice).build();
        assertThat(revoke(session.target()).newlyCovered()).isZero();

        InsertResult result = insert(session, SessionLimit.unlimited());

        assertThat(result)
                .isInstanceOfSatisfying(
                        InsertResult.Covered.class,
                        covered -> assertThat(covered.by().target()).isEqualTo(session.target()));
        assertThat(find(session)).isEmpty();
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void a_login_that_a_cut_off_overtook_is_refused_and_one_millisecond_later_is_not() {
        RevocationTarget target = RevocationTarget.subject(alice);
        var cutOff = revoke(target).entry();
        GivenSession overtaken =
                session(alice).began(cutOff.issuedBefore()).stored(now()).build();
        GivenSession later = session(alice)
                .began(cutOff.issuedBefore().plusMillis(1))
                .stored(now())
                .build();

        assertThat(insert(overtaken, SessionLimit.unlimited())).isEqualTo(new InsertResult.Covered(cutOff));
        assertThat(find(overtaken)).isEmpty();
        insert(later);
        assertThat(live(alice)).containsExactly(keys(later));
    }

    @Test
    void of_several_revocations_that_cover_a_login_the_first_is_answered() {
        GivenSession session = session(alice).client(Given.client("web")).build();
        var first = revoke(RevocationTarget.realm(Given.REALM)).entry();
        clock.advance(Duration.ofMillis(1));
        revoke(RevocationTarget.client(Given.client("web")));
        clock.advance(Duration.ofMillis(1));
        revoke(RevocationTarget.subject(alice));

        assertThat(insert(session, SessionLimit.unlimited())).isEqualTo(new InsertResult.Covered(first));
    }

    @Test
    void a_row_whose_payload_is_rubbish_is_found_listed_and_revocable() {
        byte[] rubbish = {-1, -1, -1, -1};
        GivenSession session = insert(session(alice).payload(rubbish).build());

        assertThat(find(session).orElseThrow().session().payload()).isEqualTo(rubbish);
        assertThat(live(alice)).containsExactly(keys(session));
        assertThat(revoke(session.target()).newlyCovered()).isEqualTo(1);
        assertThat(isLive(session)).isFalse();
    }

    static void assertSameRow(StoredSession actual, StoredSession expected) {
        assertThat(actual.key()).isEqualTo(expected.key());
        assertThat(actual.bucket()).isEqualTo(expected.bucket());
        assertThat(actual.id()).isEqualTo(expected.id());
        assertThat(actual.realmKey()).isEqualTo(expected.realmKey());
        assertThat(actual.subjectKey()).isEqualTo(expected.subjectKey());
        assertThat(actual.clientKey()).isEqualTo(expected.clientKey());
        assertThat(actual.authenticatedAt()).isEqualTo(expected.authenticatedAt());
        assertThat(actual.createdAt()).isEqualTo(expected.createdAt());
        assertThat(actual.lastSeenAt()).isEqualTo(expected.lastSeenAt());
        assertThat(actual.idleTimeout()).isEqualTo(expected.idleTimeout());
        assertThat(actual.expiresAt()).isEqualTo(expected.expiresAt());
        assertThat(actual.forgetAfter()).isEqualTo(expected.forgetAfter());
        assertThat(actual.secretHash().map(SecretHash::toBytes).map(HexFormat.of()::formatHex))
                .isEqualTo(secret(expected));
        assertThat(actual.credential()).isEqualTo(expected.credential());
        assertThat(actual.payload()).isEqualTo(expected.payload());
    }

    private static Optional<String> secret(StoredSession session) {
        return session.secretHash().map(SecretHash::toBytes).map(HexFormat.of()::formatHex);
    }
}
