package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionStore;
import dev.curfew.store.Touch;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Counts, which the scripts take from ranges of an index where they can, are those of the store in memory, which looks
 * at all.
 */
class CountTwinTest {
    private static final int HISTORIES = 120;
    private static final int STEPS = 60;

    private final SubjectId alice = Given.subject("alice");

    @Test
    void random_histories_agree() {
        long first = Long.getLong("curfew.seed", 1);
        try (RedisServer server = RedisServer.start()) {
            RedisClient client = RedisClient.create(server.uri());
            for (long seed = first; seed < first + HISTORIES; seed++) {
                RedisSessionStore redis = Stores.opened(
                        RedisSessionStore.on(client).keyPrefix("t" + seed).partitions(1 << seed % 3));
                SessionStore memory = InMemorySessionStore.create();
                memory.open(Given.SETTINGS, Given.BIRTH);
                new History(seed, redis, memory).play();
                redis.close();
            }
            client.shutdown();
        }
    }

    @Test
    void a_foreign_session_that_was_revoked_without_its_subject_is_counted_once() {
        try (RedisServer server = RedisServer.start()) {
            RedisClient client = RedisClient.create(server.uri());
            RedisSessionStore store = Stores.opened(RedisSessionStore.on(client));
            Stores.insert(store, "alice", Given.NOW);
            store.insert(Given.session(alice).foreign("sid-1").build().row(), SessionLimit.unlimited(), Given.NOW);
            RevocationTarget unrouted = RevocationTarget.session(
                    new SessionRef(Given.REALM, new ForeignSessionId("sid-1"), SessionRef.UNROUTED));
            assertThat(count(store, unrouted)).isEqualTo(1);
            assertThat(count(store, RevocationTarget.subject(alice))).isEqualTo(1);
            store.close();
            client.shutdown();
        }
    }

    @Test
    void of_foreign_sessions_with_one_id_that_are_revoked_without_a_subject_the_one_that_began_last_is_ended_too() {
        GivenSession ahead = Given.session(alice)
                .foreign("sid-1")
                .began(Given.NOW.plusSeconds(600))
                .build();
        RevocationTarget unrouted =
                RevocationTarget.session(SessionRef.ofUnknownSubject(Given.REALM, new ForeignSessionId("sid-1")));
        RedisKeys keys = new RedisKeys("curfew", 16);
        try (RedisServer server = RedisServer.start()) {
            RedisClient client = RedisClient.create(server.uri());
            // The other one lies in a partition before or behind.
            for (int i = 0; i < 16; i++) {
                GivenSession other = Given.session(Given.subject("subject-" + i))
                        .foreign("sid-1")
                        .build();
                if (keys.partitionOf(other.row().bucket())
                        == keys.partitionOf(ahead.row().bucket())) {
                    continue;
                }
                RedisSessionStore store = Stores.opened(
                        RedisSessionStore.on(client).keyPrefix("t" + i).partitions(16));
                store.insert(ahead.row(), SessionLimit.unlimited(), Given.NOW);
                store.insert(other.row(), SessionLimit.unlimited(), Given.NOW);

                assertThat(count(store, unrouted)).isEqualTo(1);

                assertThat(store.revocationsCovering(ahead.token("t"), Given.NOW))
                        .as("beside subject-%s", i)
                        .hasSize(1);
                store.close();
            }
            client.shutdown();
        }
    }

    @Test
    void a_session_that_a_node_behind_saw_again_is_counted_until_its_new_end() {
        try (RedisServer server = RedisServer.start()) {
            RedisClient client = RedisClient.create(server.uri());
            RedisSessionStore store = Stores.opened(RedisSessionStore.on(client));
            Instant seen = Given.NOW.plus(Duration.ofMinutes(9));

            GivenSession touched = endedByTime(store, "alice");
            assertThat(store.touch(List.of(new Touch(touched.ref(), seen)), seen))
                    .hasSize(1);
            GivenSession exchanged = endedByTime(store, "bob");
            assertThat(store.rotate(
                            exchanged.ref(), Given.exchange("first", "second").seenAt(seen), seen))
                    .isEqualTo(new RotateResult.Rotated());

            assertThat(countAt(store, touched, Duration.ofMinutes(20))).isEqualTo(1);
            assertThat(countAt(store, exchanged, Duration.ofMinutes(20))).isEqualTo(1);
            store.close();
            client.shutdown();
        }
    }

    /** One of two sessions, of which time has ended it and not the other, as a purge has noticed. */
    private static GivenSession endedByTime(RedisSessionStore store, String subject) {
        GivenSession ended = Given.session(Given.subject(subject))
                .secret("first")
                .idle(Duration.ofMinutes(10))
                .build();
        store.insert(ended.row(), SessionLimit.unlimited(), Given.NOW);
        Stores.insert(store, subject, Given.NOW);
        store.purge(Given.NOW.plus(Duration.ofMinutes(12)), 100);
        return ended;
    }

    private static long countAt(SessionStore store, GivenSession of, Duration later) {
        RevocationRequest act =
                Given.act(RevocationTarget.subject(of.subject())).build();
        return ((RevokeResult.Recorded) store.revoke(act, Precondition.none(), Given.NOW.plus(later))).newlyCovered();
    }

    private static long count(SessionStore store, RevocationTarget target) {
        return ((RevokeResult.Recorded) store.revoke(Given.act(target).build(), Precondition.none(), Given.NOW))
                .newlyCovered();
    }

    private final class History {
        private final long seed;
        private final Random random;
        private final SessionStore redis;
        private final SessionStore memory;
        private final List<GivenSession> sessions = new ArrayList<>();
        private Instant now = Given.NOW;

        History(long seed, SessionStore redis, SessionStore memory) {
            this.seed = seed;
            this.random = new Random(seed);
            this.redis = redis;
            this.memory = memory;
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                now = now.plusMillis(random.nextInt(3) == 0 ? random.nextInt(40_000) : random.nextInt(3));
                switch (random.nextInt(11)) {
                    case 0, 1, 2, 3 -> insert(step);
                    case 4 -> touch(step);
                    case 10 -> exchange(step);
                    case 5 -> purge();
                    case 6, 7 -> record(step);
                    default -> revoke(step);
                }
            }
        }

        private void insert(int step) {
            GivenSession.Builder session = Given.session(alice)
                    .began(now.minusMillis(random.nextInt(4)))
                    .idle(Duration.ofSeconds(random.nextInt(3) == 0 ? 30 : 600));
            if (random.nextInt(4) == 0) {
                session.foreign("sid-" + random.nextInt(6));
            }
            if (random.nextInt(3) == 0) {
                session.client(Given.client("client-" + random.nextInt(2)));
            }
            SessionLimit limit = random.nextInt(4) == 0 ? SessionLimit.endOldestBeyond(5) : SessionLimit.unlimited();
            GivenSession made = session.build();
            Optional<SessionRef> replaces = random.nextInt(3) > 0 || sessions.isEmpty()
                    ? Optional.empty()
                    : Optional.of(any().ref())
                            .filter(old -> !old.key().equals(made.row().key()));
            NewSession login = new NewSession(made.row(), limit, replaces);
            InsertResult inRedis = redis.insert(login, now);
            assertThat(ended(inRedis))
                    .as("seed %s, step %s: insert", seed, step)
                    .containsExactlyInAnyOrderElementsOf(ended(memory.insert(login, now)));
            // With what another login of this instant ended, perhaps.
            assertThat(ended(redis.insert(login, now)))
                    .as("seed %s, step %s: insert again", seed, step)
                    .containsAll(ended(inRedis));
            sessions.add(made);
        }

        /** What a login ended, behind what became of it. */
        private List<Object> ended(InsertResult result) {
            List<Object> ended = new ArrayList<>(List.of(result.getClass()));
            if (result instanceof InsertResult.Inserted inserted) {
                inserted.ended().forEach(one -> ended.addAll(one.coveredBy()));
            }
            return ended;
        }

        private void exchange(int step) {
            if (!sessions.isEmpty()) {
                Rotation rotation = Rotation.ofPayload(
                        new byte[] {(byte) (random.nextBoolean() ? 1 : 9), 2, 3}, new byte[] {9, 2, 3});
                if (random.nextBoolean()) {
                    rotation = rotation.seenAt(now.plusMillis(random.nextInt(3)));
                }
                GivenSession session = any();
                assertThat(redis.rotate(session.ref(), rotation, now).getClass())
                        .as("seed %s, step %s: exchange", seed, step)
                        .isEqualTo(memory.rotate(session.ref(), rotation, now).getClass());
            }
        }

        private void touch(int step) {
            if (!sessions.isEmpty()) {
                List<Touch> batch = List.of(new Touch(any().ref(), now));
                assertThat(redis.touch(batch, now))
                        .as("seed %s, step %s: touch", seed, step)
                        .isEqualTo(memory.touch(batch, now));
            }
        }

        private void purge() {
            redis.purge(now, 100);
            memory.purge(now, 100);
        }

        private void record(int step) {
            if (sessions.isEmpty()) {
                return;
            }
            Revocation.Builder entry = Revocation.of(target())
                    .revokedAt(now)
                    .issuedBefore(now.minusMillis(random.nextInt(30_000)))
                    .forgetAfter(now.plusMillis(1 + random.nextInt(80_000)));
            Revocation built = entry.build();
            redis.record(List.of(built), now);
            memory.record(List.of(built), now);
            assertThat(redis.list(alice, ListQuery.live(100), now).sessions())
                    .as("seed %s, step %s: live", seed, step)
                    .hasSameSizeAs(memory.list(alice, ListQuery.live(100), now).sessions());
        }

        private void revoke(int step) {
            if (sessions.isEmpty()) {
                return;
            }
            RevocationTarget target = random.nextBoolean() ? RevocationTarget.subject(alice) : target();
            RevocationRequest.Builder act = Given.act(target);
            if (target.kind().isCutOff()) {
                if (random.nextInt(3) > 0) {
                    act.issuedBefore(now.minusMillis(random.nextInt(60_000)));
                }
                if (random.nextBoolean()) {
                    act.exempt(any().exempt());
                }
            }
            RevocationRequest request = act.build();
            RevokeResult.Recorded inRedis = (RevokeResult.Recorded) redis.revoke(request, Precondition.none(), now);
            RevokeResult.Recorded inMemory = (RevokeResult.Recorded) memory.revoke(request, Precondition.none(), now);
            assertThat(inRedis)
                    .as("seed %s, step %s: %s", seed, step, target.kind())
                    .isEqualTo(inMemory);
        }

        private RevocationTarget target() {
            return switch (random.nextInt(6)) {
                case 0 -> RevocationTarget.client(Given.client("client-" + random.nextInt(2)));
                case 1 -> RevocationTarget.realm(Given.REALM);
                case 2 -> RevocationTarget.subject(alice);
                case 3 ->
                    RevocationTarget.session(new SessionRef(
                            Given.REALM, new ForeignSessionId("sid-" + random.nextInt(6)), SessionRef.UNROUTED));
                default -> any().target();
            };
        }

        private GivenSession any() {
            return sessions.get(random.nextInt(sessions.size()));
        }
    }
}
