package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.ListQuery;
import dev.curfew.store.Precondition;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredSession;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What a replica says may be old: to a running node it is an outage, until the server is a primary again. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PrimaryOnlyTest {
    private static final Instant NOW = Given.NOW;
    private static final String PASSWORD = "only-of-this-test";

    private RedisServer other;
    private RedisServer server;

    @BeforeEach
    void start() {
        other = RedisServer.start();
        server = RedisServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
        other.close();
    }

    @Test
    void a_primary_that_is_demoted_is_an_outage_and_one_again_when_it_is_promoted() {
        isOutageWhileDemoted(server.uri());
    }

    @Test
    void where_role_is_forbidden_info_tells() {
        server.send("ACL SETUSER node on >" + PASSWORD + " ~* &* +@all -role");

        isOutageWhileDemoted(asUser());
    }

    @Test
    void where_both_are_forbidden_the_failure_says_what_to_grant() {
        server.send("ACL SETUSER node on >" + PASSWORD + " ~* &* +@all -role -info");
        RedisClient client = RedisClient.create(asUser());
        RedisSessionStore store =
                RedisSessionStore.on(client).serverCheck(ServerCheck.NONE).build();

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store.open(Given.SETTINGS, Given.BIRTH))
                .havingCause()
                .withMessageContaining("grant +role");
        store.close();
        client.shutdown();
    }

    private RedisURI asUser() {
        return RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(server.port())
                .withAuthentication("node", PASSWORD.toCharArray())
                .build();
    }

    private void isOutageWhileDemoted(RedisURI uri) {
        RedisClient client = RedisClient.create(uri);
        RedisSessionStore store =
                Stores.opened(RedisSessionStore.on(client).partitions(2).callTimeout(Duration.ofMillis(1_200)));
        GivenSession session = Stores.insert(store, "alice", NOW);
        GivenSession live = Stores.insert(store, "bob", NOW);
        Revocation entry = Stores.revoke(store, session.target(), NOW);
        GivenSession covered = Given.session(Given.subject("dave")).build();
        Stores.revoke(store, RevocationTarget.subject(covered.subject()), NOW);
        FeedPosition position = Stores.caughtUp(store);
        // Its data stays as it is: the primary that it shall follow has no port that answers.
        server.send("REPLICAOF 127.0.0.1 1");

        List<ThrowingCallable> reads = List.of(
                () -> store.feed().readAfter(position, 10, NOW),
                () -> store.feed().readAfter(FeedPosition.beginning(), 10, NOW),
                () -> store.revocationsCovering(session.token("t"), NOW),
                () -> store.newestCutOff(session.subject(), NOW),
                () -> store.find(session.ref(), NOW),
                () -> store.list(session.subject(), ListQuery.live(10), NOW),
                () -> store.sessionsOf(RevocationTarget.realm(Given.REALM), ScopeCursor.start(), 10, NOW),
                () -> store.countLive(NOW));
        assertThat(reads)
                .allSatisfy(read -> assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(read)
                        .withMessageNotContaining("not known to have happened"));

        // Exchanges that would be refused by what stands here, which may be old.
        for (GivenSession refused :
                List.of(session, live, Given.session(Given.subject("carol")).build())) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.rotate(refused.ref(), Given.exchange("first", "second"), NOW))
                    .withMessageContaining("READONLY");
        }

        // Logins, a revocation and an erasure too.
        StoredSession known = live.row().toBuilder().payload(new byte[] {9}).build();
        GivenSession tooMany = Given.session(live.subject()).build();
        TokenFacts stranger = Stream.iterate(0, i -> i + 1)
                .map(i -> Given.session(Given.subject("stranger-" + i)).build())
                .filter(other -> (other.row().bucket() & 1) == (live.row().bucket() & 1))
                .findFirst()
                .orElseThrow()
                .token("t");
        List<ThrowingCallable> refusals = List.of(
                () -> store.insert(known, SessionLimit.unlimited(), NOW),
                () -> store.insert(covered.row(), SessionLimit.unlimited(), NOW),
                () -> store.insert(tooMany.row(), SessionLimit.refuseBeyond(1), NOW),
                () -> store.revoke(Given.act(live.target()).build(), Precondition.ownedBy(stranger), NOW),
                () -> store.erase(Given.subject("carol"), NOW, 10, NOW));
        assertThat(refusals)
                .allSatisfy(refusal -> assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(refusal)
                        .withMessageContaining("READONLY"));

        server.send("REPLICAOF NO ONE");
        Await.until("it answers again", () -> {
            try {
                return store.feed().readAfter(position, 10, NOW) instanceof FeedRead.Page;
            } catch (StoreUnavailableException e) {
                return false;
            }
        });
        assertThat(store.revocationsCovering(session.token("t"), NOW)).containsExactly(entry);
        store.close();
        client.shutdown();
    }
}
