package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A revocation that joins the host's own transaction. */
final class RevokeInTest {
    private static final Instant LATER = Given.NOW.plus(Duration.ofMinutes(3));
    private static final Instant AT_COMMIT = LATER.plus(Given.SETTINGS.nodeSkew());

    @ParameterizedTest
    @EnumSource
    void rolled_back_nothing_is_revoked_anywhere(TestDatabase database) throws Exception {
        JdbcSessionStore store = opened(database);
        GivenSession session = Stores.login(store, Given.subject("alice"));
        try (Connection host = database.transaction()) {
            PendingRevocation pending = store.revokeIn(host, revokeAll(), Precondition.none(), Given.NOW);
            assertThat(((RevokeResult.Recorded) pending.result()).newlyCovered())
                    .isEqualTo(1);
            host.rollback();

            assertThatIllegalStateException().isThrownBy(() -> pending.committed(LATER));
        }
        assertThat(store.revocationsCovering(session.token("t"), LATER)).isEmpty();
        assertThat(Stores.read(store, new FeedPosition[] {FeedPosition.beginning()}, LATER))
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void committed_it_holds_from_the_instant_of_the_commit_on(TestDatabase database) throws Exception {
        JdbcSessionStore store = opened(database);
        RevocationRequest request = revokeAll();
        try (Connection host = database.transaction()) {
            PendingRevocation pending = store.revokeIn(host, request, Precondition.none(), Given.NOW);
            host.commit();
            RevokeResult.Recorded result = (RevokeResult.Recorded) pending.committed(LATER);

            assertThat(result.entry().issuedBefore()).isEqualTo(AT_COMMIT);
            assertThat(pending.committed(LATER.plusSeconds(9)))
                    .isEqualTo(new RevokeResult.Recorded(result.entry(), result.newlyCovered(), false));
        }
        // A login with the old password, begun while the host's transaction was open.
        GivenSession between =
                Given.session(Given.subject("alice")).began(AT_COMMIT).build();
        assertThat(store.revocationsCovering(between.token("t"), LATER)).isNotEmpty();
        GivenSession after = Given.session(Given.subject("alice"))
                .began(AT_COMMIT.plusMillis(1))
                .build();
        assertThat(store.revocationsCovering(after.token("t"), LATER)).isEmpty();
        assertThat(store.revoke(request, Precondition.none(), LATER))
                .isInstanceOfSatisfying(
                        RevokeResult.Recorded.class,
                        it -> assertThat(it.changed()).isFalse());
    }

    @ParameterizedTest
    @EnumSource
    void a_host_that_died_after_its_commit_is_completed_by_whoever_follows_the_feed(TestDatabase database)
            throws Exception {
        JdbcSessionStore store = opened(database);
        PendingRevocation pending;
        try (Connection host = database.transaction()) {
            pending = store.revokeIn(host, revokeAll(), Precondition.none(), Given.NOW);
            host.commit();
        }

        Stores.settle(store, LATER);
        Set<Revocation> read = Stores.read(store, new FeedPosition[] {FeedPosition.beginning()}, LATER);

        assertThat(read).anySatisfy(entry -> assertThat(entry.issuedBefore()).isEqualTo(AT_COMMIT));
        assertThat(((RevokeResult.Recorded) pending.committed(LATER.plusSeconds(60)))
                        .entry()
                        .issuedBefore())
                .isEqualTo(AT_COMMIT);
    }

    @ParameterizedTest
    @EnumSource
    void without_a_transaction_of_the_host_it_is_refused(TestDatabase database) throws Exception {
        JdbcSessionStore store = opened(database);
        try (Connection host = database.transaction()) {
            host.setAutoCommit(true);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.revokeIn(host, revokeAll(), Precondition.none(), Given.NOW));
            host.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            host.setAutoCommit(false);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.revokeIn(host, revokeAll(), Precondition.none(), Given.NOW));
        }
    }

    private JdbcSessionStore opened(TestDatabase database) {
        return Stores.opened(Stores.on(database.pool(), Stores.prefix()));
    }

    private static RevocationRequest revokeAll() {
        return Given.act(RevocationTarget.subject(Given.subject("alice"))).build();
    }
}
