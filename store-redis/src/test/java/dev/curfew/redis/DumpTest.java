package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionServiceBuilder;
import dev.curfew.contract.LeakProbe;
import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.KeyRing;
import dev.curfew.redis.server.ServerCheck;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Who steals the whole Redis, its files included, learns nothing about persons, and never a secret or a token. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DumpTest {
    private static final KeyRing RING = TestKeys.ring("k1");

    private final LeakProbe leakProbe = new LeakProbe();
    private RedisServer server;
    private RedisClient client;
    private RedisCommands<byte[], byte[]> redis;

    @BeforeEach
    void start() {
        server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always", "--rdbcompression", "no");
        client = RedisClient.create(server.uri());
        redis = client.connect(ByteArrayCodec.INSTANCE).sync();
    }

    @AfterEach
    void stop() {
        client.shutdown();
        server.close();
    }

    @Test
    void an_encrypted_store_names_nobody_in_its_values_its_snapshot_or_its_log() throws IOException {
        leave(builder -> builder.encryption(RING));

        assertThat(leakProbe.foundIn(values())).isEmpty();
        assertThat(leakProbe.foundIn(snapshot())).isEmpty();
        assertThat(leakProbe.foundIn(log())).isEmpty();
    }

    /** The control: the search finds what is there, and secrets are not there even so. */
    @Test
    void a_store_that_is_not_encrypted_holds_all_that_is_personal() throws IOException {
        leave(SessionServiceBuilder::storeSessionsUnencrypted);

        assertThat(leakProbe.foundIn(values())).isEqualTo(leakProbe.personal());
        assertThat(leakProbe.foundIn(snapshot())).isEqualTo(leakProbe.personal());
        assertThat(leakProbe.foundIn(log())).isEqualTo(leakProbe.personal());
    }

    private void leave(UnaryOperator<SessionServiceBuilder> encryption) {
        try (RedisSessionStore store =
                RedisSessionStore.on(client).serverCheck(ServerCheck.NONE).build()) {
            leakProbe.plantIn(store, encryption);
        }
    }

    private byte[] snapshot() throws IOException {
        redis.save();
        return Files.readAllBytes(server.folder().resolve("dump.rdb"));
    }

    private byte[] log() throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(server.folder().resolve("appendonlydir"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                log.writeBytes(Files.readAllBytes(file));
            }
        }
        return log.toByteArray();
    }

    /** Names and contents of all keys. */
    private byte[] values() {
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        ScanIterator<byte[]> keys = ScanIterator.scan(redis, ScanArgs.Builder.limit(1_000));
        while (keys.hasNext()) {
            byte[] key = keys.next();
            values.writeBytes(key);
            switch (redis.type(key)) {
                case "hash" ->
                    redis.hgetall(key).forEach((field, value) -> {
                        values.writeBytes(field);
                        values.writeBytes(value);
                    });
                case "zset" -> redis.zrange(key, 0, -1).forEach(values::writeBytes);
                case "stream" -> {
                    List<StreamMessage<byte[], byte[]>> lines = redis.xrange(key, Range.unbounded());
                    lines.forEach(line -> line.getBody().values().forEach(values::writeBytes));
                }
                default -> values.writeBytes(redis.get(key));
            }
        }
        return values.toByteArray();
    }
}
