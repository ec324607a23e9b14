package dev.curfew.redis;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Runs scripts on partitions, with what every script needs: the partition's keys, the instant, its birth. Thread-safe. */
final class Partitions {
    private final RedisPort port;
    private final Calls calls;
    private final RedisKeys keys;
    private final StoreSettings settings;
    private final int replicas;
    private final SecureRandom random = new SecureRandom();

    Partitions(RedisPort port, Calls calls, RedisKeys keys, StoreSettings settings, int replicas) {
        this.port = port;
        this.calls = calls;
        this.keys = keys;
        this.settings = settings;
        this.replicas = replicas;
    }

    /** A script's own keys and arguments. */
    record Step(LuaScript script, int partition, List<byte[]> keys, List<byte[]> args) {}

    RedisKeys keys() {
        return keys;
    }

    StoreSettings settings() {
        return settings;
    }

    Calls calls() {
        return calls;
    }

    RedisPort port() {
        return port;
    }

    List<Object> run(String verb, Step step, Instant now) {
        return Reply.list(calls.one(verb, call(step, now, false)));
    }

    /** Runs what must not be lost, as durably as the host demands. */
    List<Object> write(String verb, Step step, Instant now) {
        return Reply.list(calls.one(verb, call(step, now, replicas > 0)));
    }

    List<List<Object>> runAll(String verb, List<Step> steps, Instant now) {
        return all(verb, steps, now, false);
    }

    List<List<Object>> writeAll(String verb, List<Step> steps, Instant now) {
        return all(verb, steps, now, replicas > 0);
    }

    /** One step for each partition. */
    List<Step> everywhere(IntFunction<Step> step) {
        return IntStream.range(0, keys.partitions()).mapToObj(step).toList();
    }

    /** Sends all readings in one go, and answers in their order. */
    List<List<byte[]>> read(String verb, List<Read> reads) {
        return calls.read(verb, port, reads);
    }

    private List<List<Object>> all(String verb, List<Step> steps, Instant now, boolean durably) {
        List<Supplier<CompletionStage<Object>>> sent =
                steps.stream().map(step -> call(step, now, durably)).toList();
        return calls.all(verb, sent).stream().map(Reply::list).toList();
    }

    private Supplier<CompletionStage<Object>> call(Step step, Instant now, boolean durably) {
        List<byte[]> names = new ArrayList<>(step.keys().size() + 2);
        names.add(keys.part(step.partition()));
        names.add(keys.feed(step.partition()));
        names.addAll(step.keys());
        List<byte[]> values = new ArrayList<>(step.args().size() + 6);
        values.add(number(now.toEpochMilli()));
        values.add(RevocationCodec.encode(RevocationRequest.birth(step.partition(), keys.partitions(), now, settings)));
        values.add(new LookupKey(0, keys.partitions()).toBytes());
        values.add(ByteBuffer.allocate(Long.BYTES).putLong(random.nextLong()).array());
        values.add(number(settings.retention().toMillis()));
        values.add(number(settings.endedSessionsKept().toMillis()));
        values.addAll(step.args());
        return durably
                ? () -> port.runDurably(step.script(), names, values, replicas, calls.timeoutMillis())
                : () -> port.run(step.script(), names, values);
    }

    static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
}
