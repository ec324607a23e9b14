package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.jdbc.audit.AuditSinks;
import dev.curfew.jdbc.audit.JdbcAuditSink;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.Touch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of a verb that gets no connection: at its beginning, and after some of its steps. */
final class MidwayTest {
    private static final Instant LATER = Given.NOW.plus(Duration.ofDays(400));

    private final String prefix = Stores.prefix();
    private final Granting granting = new Granting();
    private final DataSource source = granting.source(TestDatabase.H2.pool());
    private final GivenSession session =
            Given.session(Given.subject("alice")).secret("s").build();
    private JdbcSessionStore store;

    /** A pool that lends so many connections, and no more. */
    private static final class Granting {
        private int left = Integer.MAX_VALUE;

        DataSource source(DataSource pool) {
            return (DataSource) Proxy.newProxyInstance(
                    Granting.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("getConnection") && left-- <= 0) {
                            throw new SQLException("the server is gone");
                        }
                        try {
                            return method.invoke(pool, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    record Verb(String name, Consumer<MidwayTest> call) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Arguments verb(String name, int steps, Consumer<MidwayTest> call) {
        return arguments(new Verb(name, call), steps);
    }

    /** Each with the number of its steps, of which there may be more. */
    static Stream<Arguments> verbs() {
        Instant now = Given.NOW;
        return Stream.of(
                verb("open", 1, test -> test.store.open(Given.SETTINGS, now)),
                verb("migrate", 4, test -> test.store.migrate()),
                verb("insert", 1, test -> Stores.login(test.store, Given.subject("bob"))),
                verb("touch", 1, test -> test.store.touch(List.of(new Touch(test.session.ref(), now)), now)),
                verb("rotate", 1, test -> test.store.rotate(test.session.ref(), Given.exchange("s", "next"), now)),
                verb("revoke", 1, test -> Stores.revoke(test.store, "bob")),
                verb("record", 3, test -> test.store.record(entries(401), now)),
                verb("replace", 3, test -> test.store.replace(changes(401), now)),
                verb("erase", 3, test -> test.store.erase(Given.subject("alice"), Given.NOW.plusSeconds(9), 600, now)),
                verb("purge", 2, test -> test.store.purge(LATER, 600)),
                verb("resetHorizon", 1, test -> test.store.resetHorizon(Instant.EPOCH)),
                verb("find", 1, test -> test.store.find(test.session.ref(), now)),
                verb("list", 1, test -> test.store.list(Given.subject("alice"), ListQuery.all(9), now)),
                verb("sessionsOf", 1, test -> test.store.sessionsOf(test.session.target(), ListQuery.all(9), now)),
                verb("revocationsCovering", 1, test -> test.store.revocationsCovering(test.session.token("t"), now)),
                verb("newestCutOff", 1, test -> test.store.newestCutOff(Given.subject("alice"), now)),
                verb("payloads", 1, test -> test.store.payloads(PayloadCursor.start(), 9, now)),
                verb("countLive", 1, test -> test.store.countLive(now)));
    }

    private static List<Revocation> entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Given.act(RevocationTarget.subject(Given.subject("s" + i)))
                        .build()
                        .fix(Given.NOW, Given.SETTINGS, Instant.EPOCH, Optional.empty()))
                .toList();
    }

    private static List<PayloadChange> changes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new PayloadChange(
                        StoredPayload.of(
                                Given.session(Given.subject("s" + i)).build().row()),
                        new byte[] {7}))
                .toList();
    }

    @BeforeEach
    void open() {
        store = Stores.opened(Stores.on(source, prefix));
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void a_verb_without_a_connection_says_what_is_true_before_and_after_its_first_step(Verb verb, int steps) {
        if (verb.name.equals("erase")) {
            IntStream.range(0, 850).forEach(i -> Stores.login(store, Given.subject("alice")));
        }
        granting.left = 0;
        StoreUnavailableException first = failure(() -> verb.call.accept(this));
        assertThat(first).hasMessageContaining("so that this step was not sent").hasMessageContaining("server is gone");
        assertThat(first.mayHaveHappened()).isFalse();

        for (int granted = 1; granted < steps; granted++) {
            granting.left = granted;
            assertThatMayHaveHappened(failure(() -> verb.call.accept(this)));
        }
    }

    @Test
    void a_joined_revocation_that_cannot_be_told_of_may_have_happened_because_the_host_has_committed()
            throws SQLException {
        RevocationRequest request =
                Given.act(RevocationTarget.subject(Given.subject("alice"))).build();
        try (Connection host = TestDatabase.H2.transaction()) {
            PendingRevocation pending = store.revokeIn(host, request, Precondition.none(), Given.NOW);
            host.commit();

            granting.left = 0;
            assertThatMayHaveHappened(failure(() -> pending.committed(Given.NOW)));
            granting.left = 1;
            assertThatMayHaveHappened(failure(() -> store.revoke(request, Precondition.none(), Given.NOW)));
            assertThat(pending.committed(Given.NOW)).isInstanceOf(RevokeResult.Recorded.class);
        }
    }

    @Test
    void a_purge_of_the_audit_trail_says_so_too() {
        String trail = Stores.prefix();
        JdbcAuditSink sink = AuditSinks.plain(TestDatabase.H2, trail);
        sink.write(AuditSinks.records("a", 1_001));
        try (JdbcAuditSink limited = JdbcAuditSink.on(source).prefix(trail).build()) {
            granting.left = 0;
            assertThat(failure(() -> limited.purge(LATER.plus(Duration.ofDays(4_000)), 2_000)))
                    .hasMessageContaining("so that this step was not sent");
            granting.left = 1;
            assertThatMayHaveHappened(failure(() -> limited.purge(LATER.plus(Duration.ofDays(4_000)), 2_000)));
        }
    }

    private static void assertThatMayHaveHappened(StoreUnavailableException midway) {
        assertThat(midway)
                .hasMessageContaining("server is gone")
                .hasMessageNotContaining("not sent")
                .hasMessageEndingWith("not known to have happened, safe to repeat");
        assertThat(midway.mayHaveHappened()).isTrue();
    }

    private StoreUnavailableException failure(ThrowingCallable call) {
        Throwable failure = catchThrowable(call);
        granting.left = Integer.MAX_VALUE;
        assertThat(failure).isInstanceOf(StoreUnavailableException.class);
        return (StoreUnavailableException) failure;
    }
}
