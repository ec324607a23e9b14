package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.crypto.SecretHash;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.codec.UndecodableSessionException;
import dev.curfew.redis.script.LuaSource;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoredSession;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The codec of rows in Lua reads and writes what the one in Java does, and refuses the same rows. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RowTwinTest {
    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private static final int CASES = 10_000;
    private static final byte[] UNREADABLE = {'-'};
    private static final byte[] NOTHING = {};

    private static final String HARNESS = """
            local row, millis, hash, credential, payload = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
            if not isReadable(row) then return { '-' } end
            local secret = secretOf(row)
            return { isOurs(row) and 'ours' or 'foreign', decimal(lastSeenOf(row)), decimal(endsByTime(row)),
              decimal(expiryOf(row)), decimal(createdOf(row)), decimal(forgetAfterOf(row)), decimal(beganOf(row)),
              realmOf(row), subjectOf(row), clientOf(row), secret or '', credentialOf(row), payloadOf(row),
              withLastSeen(row, millis), withPayload(row, payload),
              secret and withCredential(withSecret(row, hash), credential) or '' }
            """;

    private final Random random = new Random();

    @Test
    void random_rows_and_damaged_ones_are_the_same_to_both() {
        long seed = Long.getLong("curfew.seed", System.nanoTime());
        random.setSeed(seed);
        RedisCommands<byte[], byte[]> redis = SHARED.commands();
        String digest =
                redis.scriptLoad((LuaSource.join("shared/session_codec") + HARNESS).getBytes(StandardCharsets.UTF_8));
        int readable = 0;
        int withCredential = 0;
        for (int i = 0; i < CASES; i++) {
            StoredSession session = session();
            byte[] row = SessionCodec.encode(session);
            if (random.nextBoolean()) {
                row = damaged(row);
            }
            Instant seen = instant();
            byte[] secret = bytes(32);
            byte[] credential = random.nextInt(3) == 0 ? NOTHING : bytes(1 + random.nextInt(255));
            byte[] payload = bytes(random.nextInt(40));
            List<byte[]> answer = redis.evalsha(
                    digest,
                    ScriptOutputType.MULTI,
                    new byte[0][],
                    row,
                    ScriptCall.number(seen.toEpochMilli()),
                    secret,
                    credential,
                    payload);

            Optional<StoredSession> decoded = decoded(session.key(), row);
            List<byte[]> expected = decoded.map(read ->
                            answerTo(read, read.toBuilder(), seen, SecretHash.stored(secret), credential, payload))
                    .orElse(List.of(UNREADABLE));
            assertThat(answer)
                    .as("seed %s, case %s: %s", seed, i, Arrays.toString(row))
                    .hasSameSizeAs(expected);
            for (int part = 0; part < expected.size(); part++) {
                assertThat(answer.get(part))
                        .as("seed %s, case %s, part %s: %s", seed, i, part, Arrays.toString(row))
                        .isEqualTo(expected.get(part));
            }
            readable += decoded.isPresent() ? 1 : 0;
            withCredential +=
                    decoded.filter(read -> read.credential().length > 0).isPresent() ? 1 : 0;
        }
        assertThat(readable).isBetween(CASES / 2, CASES * 9 / 10);
        assertThat(withCredential).isBetween(CASES / 10, CASES / 2);
    }

    private static Optional<StoredSession> decoded(LookupKey key, byte[] row) {
        try {
            return Optional.of(SessionCodec.decode(key, row));
        } catch (UndecodableSessionException e) {
            return Optional.empty();
        }
    }

    private static List<byte[]> answerTo(
            StoredSession row,
            StoredSession.Builder changed,
            Instant seen,
            SecretHash secret,
            byte[] credential,
            byte[] payload) {
        byte[] withLastSeen = SessionCodec.encode(changed.lastSeenAt(seen).build());
        changed.lastSeenAt(row.lastSeenAt());
        byte[] withPayload = SessionCodec.encode(changed.payload(payload).build());
        changed.payload(row.payload());
        byte[] withCredential = row.secretHash().isEmpty()
                ? NOTHING
                : SessionCodec.encode(
                        changed.secretHash(secret).credential(credential).build());
        return List.of(
                (row.id().isPresent() ? "ours" : "foreign").getBytes(StandardCharsets.US_ASCII),
                millis(row.lastSeenAt()),
                millis(row.endsByTime()),
                millis(row.expiresAt()),
                millis(row.createdAt()),
                millis(row.forgetAfter()),
                millis(row.authenticatedAt()),
                row.realmKey().toBytes(),
                row.subjectKey().toBytes(),
                row.clientKey().map(LookupKey::toBytes).orElse(NOTHING),
                row.secretHash().map(SecretHash::toBytes).orElse(NOTHING),
                row.credential(),
                row.payload(),
                withLastSeen,
                withPayload,
                withCredential);
    }

    private static byte[] millis(Instant instant) {
        return ScriptCall.number(instant.toEpochMilli());
    }

    private StoredSession session() {
        GivenSession.Builder given = Given.session(Given.subject("alice"))
                .began(instant())
                .stored(instant())
                .idle(Duration.ofMillis(random.nextInt(1_000_000)))
                .payload(bytes(random.nextInt(40)));
        if (random.nextBoolean()) {
            given.foreign("sid-1");
        }
        if (random.nextBoolean()) {
            given.client(Given.client("app"));
        }
        boolean hasSecret = random.nextInt(4) > 0;
        if (hasSecret) {
            given.secret("secret-" + random.nextInt());
        }
        StoredSession.Builder row = given.build().row().toBuilder();
        if (hasSecret && random.nextInt(4) > 0) {
            row.credential(bytes(1 + random.nextInt(255)));
        }
        return row.build();
    }

    /** Another version, other flags, another length, a byte that differs, or an end that is missing. */
    private byte[] damaged(byte[] row) {
        byte[] damaged = row.clone();
        switch (random.nextInt(6)) {
            case 0 -> damaged[0] = (byte) random.nextInt(4);
            case 1 -> damaged[1] = (byte) random.nextInt(17);
            case 2 -> damaged[39] = (byte) random.nextInt(256);
            case 3 -> damaged[random.nextInt(row.length)] = (byte) random.nextInt(256);
            case 4 -> {
                // Where the length of a credential stands, if there is one.
                int at = 72 + (row[1] >= 4 ? 16 : 0) + (row[1] & 1) * 16 + (row[1] & 2) * 16;
                if (at + 1 < row.length) {
                    damaged[at] = (byte) random.nextInt(2);
                    damaged[at + 1] = (byte) random.nextInt(256);
                }
            }
            default -> damaged = Arrays.copyOf(row, random.nextInt(row.length));
        }
        return damaged;
    }

    private Instant instant() {
        return Given.NOW.plusMillis(random.nextInt(1_000_000));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
