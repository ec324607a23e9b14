package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.Touch;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the conditions in SQL say of random sessions and revocations is what the rule says of them. */
final class LiveSessionsTwinTest {
    private static final int ROUNDS = 25;

    private final SubjectId alice = Given.subject("alice");

    @ParameterizedTest
    @EnumSource
    void sql_and_the_rule_agree(TestDatabase database) {
        long first = Long.getLong("curfew.seed", 1);
        for (long seed = first; seed < first + ROUNDS; seed++) {
            compare(database, seed);
        }
    }

    private void compare(TestDatabase database, long seed) {
        Random random = new Random(seed);
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        List<GivenSession> sessions = sessions(random);
        sessions.forEach(session -> store.insert(session.row(), SessionLimit.unlimited(), Given.NOW));
        List<Revocation> entries = new ArrayList<>();
        for (int i = 0; i < random.nextInt(10); i++) {
            entries.add(entry(random, sessions.get(random.nextInt(sessions.size()))));
        }
        store.record(entries, Given.NOW);
        for (int i = 0; i < random.nextInt(3) - 1; i++) {
            entries.add(leaveOpen(database, store, random, sessions.get(random.nextInt(sessions.size()))));
        }
        Instant now = Given.NOW.plusMillis(random.nextInt(12));

        List<GivenSession> live = sessions.stream()
                .filter(session -> !session.row().isExpired(now)
                        && entries.stream()
                                .noneMatch(entry -> !entry.isForgotten(now)
                                        && entry.covers(session.row().facts())))
                .toList();

        assertThat(store.list(alice, ListQuery.live(100), now).sessions())
                .as("seed %s: list", seed)
                .extracting(FoundSession::session)
                .extracting(row -> row.key())
                .containsExactlyInAnyOrderElementsOf(
                        live.stream().map(session -> session.row().key()).toList());
        assertThat(store.touch(
                        sessions.stream()
                                .map(session -> new Touch(
                                        session.ref(),
                                        session.row().lastSeenAt().plusMillis(1)))
                                .toList(),
                        now))
                .as("seed %s: touch", seed)
                .hasSize(live.size());
        RevocationRequest.Builder act =
                Given.act(RevocationTarget.subject(alice)).issuedBefore(Given.NOW.plusMillis(random.nextInt(12)));
        if (random.nextBoolean()) {
            act.exempt(sessions.get(random.nextInt(sessions.size())).exempt());
        }
        RevokeResult.Recorded result = (RevokeResult.Recorded) store.revoke(act.build(), Precondition.none(), now);
        assertThat(result.newlyCovered())
                .as("seed %s: count", seed)
                .isEqualTo(
                        result.changed()
                                ? store.list(alice, ListQuery.all(100), now).sessions().stream()
                                        .filter(found -> result.entry()
                                                .covers(found.session().facts()))
                                        .filter(found -> live.stream()
                                                .anyMatch(session -> session.row()
                                                        .key()
                                                        .equals(found.session().key())))
                                        .filter(found -> !found.session().isExpired(now))
                                        .count()
                                : 0);
    }

    /**
     * What joined a transaction of the host that has committed; until it is closed it covers all, except whom it
     * spares.
     */
    private Revocation leaveOpen(TestDatabase database, JdbcSessionStore store, Random random, GivenSession session) {
        RevocationTarget target = switch (random.nextInt(4)) {
            case 0 -> RevocationTarget.client(Given.client("client-" + random.nextInt(2)));
            case 1 -> session.target();
            case 2 -> RevocationTarget.subject(Given.subject("bob"));
            default -> RevocationTarget.subject(alice);
        };
        RevocationRequest.Builder act = Given.act(target);
        Revocation.Builder entry = Revocation.of(target)
                .revokedAt(Given.NOW)
                .issuedBefore(Revocation.NEVER)
                .forgetAfter(Revocation.NEVER);
        if (target.kind().isCutOff() && random.nextInt(3) > 0) {
            act.exempt(session.exempt());
            entry.exempt(session.exempt());
        }
        try (Connection host = database.transaction()) {
            store.revokeIn(host, act.build(), Precondition.none(), Given.NOW);
            host.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return entry.build();
    }

    private List<GivenSession> sessions(Random random) {
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            GivenSession.Builder session = Given.session(alice)
                    .began(Given.NOW.plusMillis(random.nextInt(8)))
                    .idle(Duration.ofMillis(random.nextInt(4) == 0 ? 10 : 100_000));
            if (random.nextInt(3) == 0) {
                session.foreign("sid-" + i);
            }
            if (random.nextBoolean()) {
                session.client(Given.client("client-" + random.nextInt(2)));
            }
            sessions.add(session.build());
        }
        return sessions;
    }

    private Revocation entry(Random random, GivenSession session) {
        RevocationTarget target = switch (random.nextInt(5)) {
            case 0 -> session.target();
            case 1 -> RevocationTarget.client(Given.client("client-" + random.nextInt(2)));
            case 2 -> RevocationTarget.realm(Given.REALM);
            case 3 -> RevocationTarget.token(session.token("t"));
            default -> RevocationTarget.subject(alice);
        };
        Revocation.Builder entry = Revocation.of(target)
                .revokedAt(Given.NOW)
                .issuedBefore(Given.NOW.plusMillis(random.nextInt(8)))
                .forgetAfter(Given.NOW.plusMillis(1 + random.nextInt(14)));
        if (target.kind().isCutOff() && random.nextInt(3) == 0) {
            entry.exempt(session.exempt());
        }
        return entry.build();
    }
}
