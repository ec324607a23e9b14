package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A server that loses its data: positions become gaps, old tokens are refused, and memory is recorded again. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DataLossTest {
    private static final Instant NOW = Given.NOW;

    private RedisServer server;
    private RedisClient client;
    private RedisSessionStore store;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        client = RedisClient.create(server.uri());
        store = Stores.opened(RedisSessionStore.on(client));
    }

    @AfterEach
    void stop() {
        store.close();
        client.shutdown();
        server.close();
    }

    @Test
    void after_a_restart_without_persistence_old_tokens_are_refused_and_positions_are_gaps() {
        isLostBy(() -> {
            server.kill();
            server.startAgain();
        });
    }

    @Test
    void after_a_flush_old_tokens_are_refused_and_positions_are_gaps() {
        isLostBy(() -> server.send("FLUSHALL"));
    }

    private void isLostBy(Runnable loss) {
        GivenSession session = Stores.insert(store, "alice", NOW);
        Revocation entry = Stores.revoke(store, session.target(), NOW);
        FeedPosition position = Stores.caughtUp(store);
        Instant later = NOW.plus(Duration.ofMinutes(5));

        loss.run();

        assertThat(store.feed().readAfter(position, 10, NOW)).isEqualTo(new FeedRead.Gap());
        assertThat(store.revocationsCovering(session.token("t"), later))
                .singleElement()
                .satisfies(birth -> assertThat(birth.reason()).isEqualTo(RevocationReason.STORE_CREATED));
        assertThat(Stores.reload(store))
                .allSatisfy(birth -> assertThat(birth.target().kind()).isEqualTo(RevocationTarget.Kind.BIRTH))
                .hasSize(16);
        store.record(List.of(entry), later);
        assertThat(store.revocationsCovering(session.token("t"), later))
                .hasSize(2)
                .contains(entry);
        assertThat(Stores.reload(store)).contains(entry).hasSize(17);
        GivenSession fresh = Stores.insert(store, "alice", later.plusSeconds(3));
        assertThat(store.revocationsCovering(fresh.token("t"), later.plusSeconds(3)))
                .isEmpty();
    }

    @Test
    void positions_that_new_writes_use_again_are_gaps() {
        GivenSession session = Stores.insert(store, "alice", NOW);
        Stores.revoke(store, session.target(), NOW);
        FeedPosition position = Stores.caughtUp(store);

        server.send("FLUSHALL");
        Instant later = NOW.plus(Duration.ofMinutes(5));
        for (int i = 0; i < 20; i++) {
            Stores.revoke(store, Given.tokenTarget(Given.subject("alice"), "jti-" + i), later);
        }

        assertThat(store.feed().readAfter(position, 10, NOW)).isEqualTo(new FeedRead.Gap());
    }

    @Test
    void one_partition_that_comes_back_empty_is_born_again_when_its_feed_is_read() {
        GivenSession session = Stores.insert(store, "alice", NOW);
        FeedPosition position = Stores.caughtUp(store);
        int lost = session.row().bucket() & 15;
        for (String key : List.of(
                "w", "f", "s" + session.row().bucket(), "u" + session.row().bucket(), "d")) {
            server.send("DEL curfew:{" + lost + "}:" + key);
        }

        assertThat(store.feed().readAfter(position, 10, NOW)).isEqualTo(new FeedRead.Gap());
        assertThat(Stores.reload(store)).anySatisfy(birth -> {
            assertThat(birth.target().bucket()).isEqualTo(lost);
            assertThat(birth.covers(session.token("t"))).isTrue();
        });
        assertThat(store.revocationsCovering(session.token("t"), NOW)).hasSize(1);
    }

    @Test
    void scripts_that_the_server_forgot_are_sent_again() {
        server.send("SCRIPT FLUSH");
        GivenSession session = Stores.insert(store, "alice", NOW);
        server.send("SCRIPT FLUSH");

        assertThat(store.find(session.ref(), NOW)).isPresent();
    }
}
