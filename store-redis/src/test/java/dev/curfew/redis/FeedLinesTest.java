package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.revocation.Revocation;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A reader of the feed gets every line behind its mark, or learns that one is missing; and only then. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FeedLinesTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private static final Instant NOW = Given.NOW;

    private final RedisKeys keys = new RedisKeys("curfew", 16);
    private final int partition = Given.subject("alice").key().bucket() & 15;
    private RedisSessionStore store;

    @BeforeEach
    void start() {
        store = SHARED.store();
    }

    @Test
    void a_user_without_channels_may_revoke_and_readers_learn_of_it() {
        SHARED.empty();
        SHARED.server().send("ACL SETUSER app on >pw ~* +@all resetchannels");
        RedisClient app = RedisClient.create(RedisURI.builder(SHARED.server().uri())
                .withAuthentication("app", "pw")
                .build());
        RedisSessionStore limited = Stores.opened(RedisSessionStore.on(app));
        FeedPosition position = Stores.caughtUp(limited);
        GivenSession session = Stores.insert(limited, "alice", NOW);

        Revocation entry = Stores.revoke(limited, session.target(), NOW);

        assertThat(read(position, NOW).entries()).containsExactly(new FeedEntry.Revoked(entry));
        assertThat(limited.revocationsCovering(session.token("t"), NOW)).containsExactly(entry);
        limited.close();
        app.shutdown();
    }

    @Test
    void a_line_that_is_missing_behind_a_mark_is_a_gap() {
        FeedPosition position = Stores.caughtUp(store);
        long mark = position.marks().get(partition).number();
        revoke("a", NOW);
        revoke("b", NOW);
        revoke("c", NOW);
        FeedPosition end = read(position, NOW).next();

        SHARED.server().send("XDEL curfew:{" + partition + "}:f " + (mark + 2) + "-0");

        assertThat(store.feed().readAfter(position, 100, NOW)).isEqualTo(new FeedRead.Gap());
        assertThat(store.feed().readAfter(end, 100, NOW)).isInstanceOf(FeedRead.Page.class);
    }

    @Test
    void a_feed_whose_newest_line_or_all_of_it_was_deleted_by_hand_goes_on() {
        FeedPosition position = Stores.caughtUp(store);
        long mark = position.marks().get(partition).number();
        revoke("a", NOW);
        SHARED.server().send("XDEL curfew:{" + partition + "}:f " + (mark + 1) + "-0");
        Revocation second = revoke("b", NOW);
        assertThat(store.feed().readAfter(position, 100, NOW)).isEqualTo(new FeedRead.Gap());
        assertThat(Stores.reload(store)).contains(second).hasSize(18);

        SHARED.server().send("XTRIM curfew:{" + partition + "}:f MAXLEN 0");
        assertThat(Stores.reload(store)).hasSize(18);
        FeedPosition again = Stores.caughtUp(store);
        SHARED.server().send("DEL curfew:{" + partition + "}:f");
        assertThat(store.feed().readAfter(again, 100, NOW)).isEqualTo(new FeedRead.Gap());
        assertThat(Stores.reload(store)).hasSize(18);
        again = Stores.caughtUp(store);
        Revocation third = revoke("c", NOW);
        assertThat(read(again, NOW).entries()).containsExactly(new FeedEntry.Revoked(third));
    }

    @Test
    void after_quiet_hours_a_reader_goes_on_without_a_gap() {
        FeedPosition position = Stores.caughtUp(store);
        Instant later = NOW.plus(Duration.ofHours(5));

        Revocation first = revoke("a", later);
        Revocation second = revoke("b", later);
        store.purge(later, 100);

        assertThat(read(position, later).entries())
                .containsExactly(new FeedEntry.Revoked(first), new FeedEntry.Revoked(second));
        Instant muchLater = later.plus(Duration.ofHours(3));
        revoke("c", muchLater);
        assertThat(store.feed().readAfter(position, 100, muchLater)).isEqualTo(new FeedRead.Gap());
        assertThat(numbers()).hasSize(2);
    }

    @Test
    void clocks_that_differ_by_hours_leave_no_hole_in_a_feed() {
        for (int i = 0; i < 60; i++) {
            revoke("jti-" + i, NOW.plus(Duration.ofHours(i % 7 * 3 % 7)));
            store.purge(NOW.plus(Duration.ofHours(i % 5)), 100);
            List<Long> numbers = numbers();
            assertThat(numbers.get(numbers.size() - 1) - numbers.get(0)).isEqualTo(numbers.size() - 1);
        }
    }

    private Revocation revoke(String jti, Instant now) {
        return Stores.revoke(store, Given.tokenTarget(Given.subject("alice"), jti), now);
    }

    private FeedRead.Page read(FeedPosition position, Instant now) {
        return (FeedRead.Page) store.feed().readAfter(position, 100, now);
    }

    private List<Long> numbers() {
        try (StatefulRedisConnection<byte[], byte[]> connection =
                SHARED.client().connect(ByteArrayCodec.INSTANCE)) {
            return connection.sync().xrange(keys.feed(partition), Range.unbounded()).stream()
                    .map(StreamMessage::getId)
                    .map(id -> Long.parseLong(id.substring(0, id.indexOf('-'))))
                    .toList();
        }
    }
}
