package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.ListQuery;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Instant;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A bucket of 20,000 sessions is walked, counted and erased in pieces, and no script looks at all of them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BigBucketTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private static final Instant NOW = Given.NOW;
    private static final int SESSIONS = 20_000;
    private static final int OF_CLIENT = 200;

    private final SubjectId alice = Given.subject("alice");
    private final RedisKeys keys = new RedisKeys("curfew", 16);
    private final RevocationTarget client = RevocationTarget.client(Given.client("app"));
    private RedisSessionStore store;
    private RedisCommands<byte[], byte[]> redis;

    @BeforeEach
    void fill() {
        store = SHARED.store();
        redis = SHARED.commands();
        // Its time to live comes with it; the index is made from the rows.
        insert(0);
        IdentityHashMap<byte[], byte[]> rows = new IdentityHashMap<>();
        for (int i = 1; i < SESSIONS; i++) {
            GivenSession session = session(i);
            rows.put(session.row().key().toBytes(), SessionCodec.encode(session.row()));
        }
        redis.hset(keys.sessions(alice.key().bucket()), rows);
        assertThat(store.list(alice, ListQuery.all(1), NOW).sessions()).hasSize(1);
    }

    private GivenSession session(int i) {
        GivenSession.Builder session = Given.session(alice).began(NOW.plusMillis(i / 3));
        if (i % (SESSIONS / OF_CLIENT) == 0) {
            session.client(Given.client("app"));
        }
        return session.build();
    }

    private void insert(int i) {
        store.insert(session(i).row(), SessionLimit.unlimited(), NOW);
    }

    @Test
    void a_walk_meets_each_once() {
        for (int limit : new int[] {999, 1_000}) {
            assertThat(walk(RevocationTarget.realm(Given.REALM), limit)).hasSize(SESSIONS);
        }
        assertThat(walk(client, 1_000)).hasSize(OF_CLIENT);
        assertThat(walk(client, 7)).hasSize(OF_CLIENT);
    }

    @Test
    void a_page_of_few_looks_at_few_rows() {
        long before = scriptsRun();

        ScopePage page =
                store.sessionsOf(RevocationTarget.realm(Given.REALM), new ScopeCursor(inFrontOfAlice()), 5, NOW);

        assertThat(page.sessions()).hasSize(5);
        assertThat(scripts(before)).isEqualTo(1);
    }

    @Test
    void a_page_ends_after_some_looking_however_few_it_has_met() {
        RevocationTarget rare = RevocationTarget.client(Given.client("rare"));
        for (int i = 0; i < 1_600; i++) {
            Stores.insert(store, "subject-" + i, NOW);
        }
        GivenSession last = Given.session(alice)
                .began(NOW.minusSeconds(1))
                .client(Given.client("rare"))
                .build();
        store.insert(last.row(), SessionLimit.unlimited(), NOW);

        ScopePage ofBucket = page(rare, inFrontOfAlice());
        assertThat(ofBucket.sessions()).isEmpty();
        assertThat(ofBucket.next().orElseThrow().text()).startsWith(alice.key().bucket() + "-");

        long before = scriptsRun();
        int pages = 0;
        Optional<ScopeCursor> place = Optional.of(ScopeCursor.start());
        while (place.isPresent()) {
            long beforePage = scriptsRun();
            place = page(rare, place.get().text()).next();
            assertThat(scripts(beforePage)).isLessThan(1_000 + 64 + SESSIONS / 250);
            pages++;
        }
        assertThat(pages).isBetween(2, 10);
        assertThat(scripts(before)).isGreaterThan(1_000);
        assertThat(walk(rare, 10)).containsExactly(last.row().key());
    }

    private ScopePage page(RevocationTarget scope, String from) {
        return store.sessionsOf(scope, new ScopeCursor(from), 1_000, NOW);
    }

    @Test
    void a_count_is_exact_and_takes_the_bucket_in_slices() {
        Stores.revoke(store, client, NOW.plusSeconds(100));
        Stores.insert(store, "bob", NOW.plusSeconds(101));
        long before = scriptsRun();

        assertThat(store.countLive(NOW.plusSeconds(101))).isEqualTo(SESSIONS - OF_CLIENT + 1);

        assertThat(scripts(before)).isBetween(SESSIONS / 500L, SESSIONS / 200L);
    }

    @Test
    void an_erasure_takes_a_thousand_at_once_and_leaves_what_began_later() {
        Instant until = NOW.plusMillis(4_999);
        int calls = 0;
        ErasedRows rows;
        int removed = 0;
        do {
            rows = store.erase(alice, until, 1_000, NOW);
            removed += rows.removed();
            calls++;
        } while (rows.hasMore());

        assertThat(removed).isEqualTo(15_000);
        assertThat(calls).isEqualTo(15);
        assertThat(store.countLive(NOW)).isEqualTo(SESSIONS - 15_000);
    }

    private String inFrontOfAlice() {
        return alice.key().bucket() + "-" + alice.key() + "00".repeat(28);
    }

    private Set<LookupKey> walk(RevocationTarget scope, int limit) {
        Set<LookupKey> met = new HashSet<>();
        Optional<ScopeCursor> place = Optional.of(ScopeCursor.start());
        while (place.isPresent()) {
            ScopePage page = store.sessionsOf(scope, place.get(), limit, NOW);
            List<LookupKey> keysOfPage =
                    page.sessions().stream().map(one -> one.session().key()).toList();
            assertThat(keysOfPage).hasSizeLessThanOrEqualTo(limit);
            keysOfPage.forEach(key -> assertThat(met.add(key)).as("met once").isTrue());
            place = page.next();
        }
        return met;
    }

    private long scripts(long before) {
        return scriptsRun() - before;
    }

    /** How many scripts have run. */
    private long scriptsRun() {
        Matcher calls = Pattern.compile("cmdstat_evalsha:calls=(\\d+)").matcher(redis.info("commandstats"));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }
}
