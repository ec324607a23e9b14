package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.script.LuaSource;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.verb.LoginInstant;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rule in Lua answers what the rule in Java answers, on random entries and facts. */
class RuleTwinTest {
    private static final Instant NOW = Given.NOW;
    private static final int CASES = 20_000;

    private static final String HARNESS = """
            local a, b = decodeEntry(ARGV[1], ARGV[2]), decodeEntry(ARGV[1], ARGV[3])
            local f = { token = ARGV[4], session = ARGV[5], signingKey = ARGV[6], subject = ARGV[7], client = ARGV[8],
              realm = ARGV[9], began = tonumber(ARGV[10]), login = tonumber(ARGV[11]) }
            local order = compareRecorded(a, b)
            return { covers(a, f) and 1 or 0, supersedes(a, b) and 1 or 0, covers(b, f) and 1 or 0,
              supersedes(b, a) and 1 or 0, replaces(a, b) and 1 or 0, replaces(b, a) and 1 or 0,
              order < 0 and -1 or order > 0 and 1 or 0 }
            """;

    @Test
    void the_rule_and_the_order_agree() {
        long seed = Long.getLong("curfew.seed", System.nanoTime());
        Random random = new Random(seed);
        try (RedisServer server = RedisServer.start()) {
            RedisClient client = RedisClient.create(server.uri());
            RedisCommands<byte[], byte[]> redis =
                    client.connect(ByteArrayCodec.INSTANCE).sync();
            String digest =
                    redis.scriptLoad((LuaSource.join("shared/rule") + HARNESS).getBytes(StandardCharsets.UTF_8));
            int covered = 0;
            for (int i = 0; i < CASES; i++) {
                TokenFacts facts = facts(random);
                RevocationTarget target = target(random);
                Revocation a = revocation(random, target);
                Revocation b = revocation(random, target);
                List<Long> answer =
                        redis.evalsha(digest, ScriptOutputType.MULTI, new byte[0][], args(target.key(), a, b, facts));

                assertThat(answer)
                        .as("seed %s, case %s: %s %s %s", seed, i, a, b, facts)
                        .containsExactly(
                                a.covers(facts) ? 1L : 0L,
                                a.supersedes(b) ? 1L : 0L,
                                b.covers(facts) ? 1L : 0L,
                                b.supersedes(a) ? 1L : 0L,
                                a.replaces(b) ? 1L : 0L,
                                b.replaces(a) ? 1L : 0L,
                                (long) Integer.signum(Revocation.recordedFirst().compare(a, b)));
                covered += a.covers(facts) ? 1 : 0;
            }
            assertThat(covered).isBetween(CASES / 50, CASES * 49 / 50);
            client.shutdown();
        }
    }

    private static byte[][] args(LookupKey key, Revocation a, Revocation b, TokenFacts facts) {
        List<byte[]> args = new ArrayList<>();
        args.add(key.toBytes());
        args.add(RevocationCodec.encode(a));
        args.add(RevocationCodec.encode(b));
        for (LookupKey one : new LookupKey[] {
            facts.tokenKey(),
            facts.sessionKey(),
            facts.signingKeyKey(),
            facts.subjectKey(),
            facts.clientKey(),
            facts.realmKey()
        }) {
            args.add(one == null ? new byte[0] : one.toBytes());
        }
        args.add(ScriptCall.number(facts.began().map(Instant::toEpochMilli).orElse(-1L)));
        args.add(ScriptCall.number(LoginInstant.of(facts)));
        return args.toArray(byte[][]::new);
    }

    private static TokenFacts facts(Random random) {
        SubjectId subject = subject(random);
        TokenFacts.Builder facts = TokenFacts.in(Given.REALM);
        if (random.nextBoolean()) {
            facts.token(TokenId.ofJti("t" + random.nextInt(2)));
        }
        if (random.nextInt(4) > 0) {
            facts.subject(subject);
        }
        if (random.nextInt(4) > 0) {
            facts.session(handle(random, subject));
        }
        if (random.nextBoolean()) {
            facts.client(Given.client("c" + random.nextInt(2)));
        }
        if (random.nextBoolean()) {
            facts.signingKey("k" + random.nextInt(2));
        }
        if (random.nextInt(3) > 0) {
            facts.issuedAt(instant(random));
        }
        if (random.nextInt(3) > 0) {
            facts.authenticatedAt(instant(random));
        }
        return facts.build();
    }

    private static RevocationTarget target(Random random) {
        SubjectId subject = subject(random);
        return switch (random.nextInt(7)) {
            case 0 -> Given.tokenTarget(subject, "t" + random.nextInt(2));
            case 1, 2 -> RevocationTarget.session(SessionRef.of(subject, handle(random, subject)));
            case 3 -> RevocationTarget.subject(subject);
            case 4 -> RevocationTarget.client(Given.client("c" + random.nextInt(2)));
            case 5 -> RevocationTarget.realm(Given.REALM);
            default -> RevocationTarget.signingKey("k" + random.nextInt(2));
        };
    }

    private static Revocation revocation(Random random, RevocationTarget target) {
        Revocation.Builder revocation = Revocation.of(target)
                .revokedAt(instant(random))
                .because(reason(random), actor(random))
                .issuedBefore(instant(random))
                .forgetAfter(instant(random));
        if (target.kind().isCutOff() && random.nextBoolean()) {
            SubjectId subject = subject(random);
            revocation.exempt(ExemptSession.of(SessionRef.of(subject, handle(random, subject))));
        }
        return revocation.build();
    }

    /** Ids that a locale puts in another order than their bytes do. */
    private static Actor actor(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Actor.user();
            case 1 -> Actor.policy(random.nextBoolean() ? "b" : "C");
            default -> Actor.admin(List.of("a", "B", "a-1", "a1", "ab").get(random.nextInt(5)));
        };
    }

    private static RevocationReason reason(Random random) {
        return random.nextBoolean() ? RevocationReason.USER_LOGOUT : RevocationReason.POLICY;
    }

    /** Few values, so that they meet. */
    private static SessionHandle handle(Random random, SubjectId subject) {
        if (random.nextBoolean()) {
            return new ForeignSessionId("s" + random.nextInt(2));
        }
        long head = instant(random).toEpochMilli() << 16 | (long) subject.key().bucket() << 4 | 1;
        return new dev.curfew.session.SessionId(head, random.nextInt(2), 0);
    }

    private static SubjectId subject(Random random) {
        return Given.subject("subject-" + random.nextInt(2));
    }

    private static Instant instant(Random random) {
        return NOW.plusMillis(random.nextInt(4));
    }
}
