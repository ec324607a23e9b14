package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.ListQuery;
import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A primary that takes no writes for now still answers every question. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CannotWriteTest {
    private static final Instant NOW = Given.NOW;

    private RedisServer server;
    private RedisClient client;
    private RedisSessionStore store;

    @BeforeEach
    void start() {
        server = RedisServer.start("--save", "36000 1000000");
        client = RedisClient.create(server.uri());
        store = Stores.opened(RedisSessionStore.on(client).partitions(4));
    }

    @AfterEach
    void stop() {
        store.close();
        client.shutdown();
        server.close();
    }

    @Test
    void one_that_is_full_answers_questions() {
        answersWhile("OOM", redis -> redis.send("CONFIG SET maxmemory 1"));
    }

    @Test
    void one_that_lacks_replicas_answers_questions() {
        answersWhile("NOREPLICAS", redis -> redis.send("CONFIG SET min-replicas-to-write 1"));
    }

    @Test
    void one_that_cannot_save_answers_questions() {
        answersWhile("MISCONF", redis -> {
            deleteAll(redis.folder());
            redis.send("BGSAVE");
            Await.until("saving failed", () -> redis.send("INFO persistence").contains("rdb_last_bgsave_status:err"));
        });
    }

    private void answersWhile(String error, Consumer<RedisServer> trouble) {
        GivenSession live = Stores.insert(store, "alice", NOW);
        GivenSession ended = Stores.insert(store, "bob", NOW);
        Revocation entry = Stores.revoke(store, ended.target(), NOW);
        FeedPosition position = Stores.caughtUp(store);
        Revocation behind = Stores.revoke(store, Given.tokenTarget(live.subject(), "t"), NOW);

        trouble.accept(server);

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> Stores.revoke(store, live.target(), NOW))
                .withMessageContaining(error);
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 10, NOW);
        assertThat(page.isCaughtUp()).isTrue();
        assertThat(page.entries()).hasSize(1);
        assertThat(Stores.reload(store)).contains(entry, behind);
        assertThat(store.revocationsCovering(ended.token("other"), NOW)).containsExactly(entry);
        assertThat(store.revocationsCovering(live.token("other"), NOW)).isEmpty();
        assertThat(store.newestCutOff(live.subject(), NOW)).isBefore(NOW);
        assertThat(store.find(live.ref(), NOW)).isPresent();
        assertThat(store.list(live.subject(), ListQuery.live(10), NOW).sessions())
                .hasSize(1);
        // Another node opens the store, and asks as well.
        RedisSessionStore second = Stores.opened(RedisSessionStore.on(client).partitions(4));
        assertThat(Stores.reload(second)).contains(entry, behind);
        second.close();
    }

    /** The server's own folder, so that it cannot write into it. */
    private static void deleteAll(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
