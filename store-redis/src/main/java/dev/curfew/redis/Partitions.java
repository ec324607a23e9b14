package dev.curfew.redis;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Runs scripts on partitions, with what every script needs: its keys, the instant, its birth. Thread-safe. */
final class Partitions {
    private static final int MOST_LOSSES = 5;

    private final Server server;
    private final RedisKeys keys;
    private final StoreSettings settings;
    private final SecureRandom random = new SecureRandom();

    Partitions(Server server, RedisKeys keys, StoreSettings settings) {
        this.server = server;
        this.keys = keys;
        this.settings = settings;
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
        return server.calls();
    }

    RedisPort port() {
        return server.port();
    }

    ServerClock clock() {
        return server.clock();
    }

    List<Object> run(String verb, Step step, Instant now) {
        return all(verb, List.of(step), now, false).get(0);
    }

    /** Runs what must not be lost, as durably as the host demands. */
    List<Object> write(String verb, Step step, Instant now) {
        return all(verb, List.of(step), now, server.replicas() > 0).get(0);
    }

    List<List<Object>> runAll(String verb, List<Step> steps, Instant now) {
        return all(verb, steps, now, false);
    }

    List<List<Object>> writeAll(String verb, List<Step> steps, Instant now) {
        return all(verb, steps, now, server.replicas() > 0);
    }

    /** One step for each partition. */
    List<Step> everywhere(IntFunction<Step> step) {
        return IntStream.range(0, keys.partitions()).mapToObj(step).toList();
    }

    /** Sends all readings in one go, and answers in their order. */
    List<List<byte[]>> read(String verb, List<Read> reads) {
        try {
            return server.calls().read(verb, server.port(), reads);
        } catch (StoreUnavailableException e) {
            throw WrongType.named(e, verb, server, reads.stream().map(Read::key).toList());
        }
    }

    /** Waits for a reading that was sent before. */
    List<byte[]> finish(String verb, Read read, CompletableFuture<List<byte[]>> sent) {
        try {
            return server.calls().finish(verb, server.port(), read, sent);
        } catch (StoreUnavailableException e) {
            throw WrongType.named(e, verb, server, List.of(read.key()));
        }
    }

    private List<List<Object>> all(String verb, List<Step> steps, Instant now, boolean durably) {
        List<Supplier<CompletionStage<Object>>> sent =
                steps.stream().map(step -> call(step, now, durably)).toList();
        List<List<Object>> answers = answers(verb, steps, sent);
        for (int i = 0; i < answers.size(); i++) {
            answers.set(i, settled(verb, steps.get(i), answers.get(i), now, durably));
        }
        return answers;
    }

    private List<List<Object>> answers(String verb, List<Step> steps, List<Supplier<CompletionStage<Object>>> sent) {
        try {
            return new ArrayList<>(
                    server.calls().all(verb, sent).stream().map(Reply::list).toList());
        } catch (StoreUnavailableException e) {
            throw WrongType.named(
                    e, verb, server, steps.stream().flatMap(this::namesOf).toList());
        }
    }

    private Stream<byte[]> namesOf(Step step) {
        return Stream.concat(Stream.of(keys.part(step.partition()), keys.feed(step.partition())), step.keys().stream());
    }

    /** A script that met a lost bucket has done nothing: it is run again once that was confirmed. */
    private List<Object> settled(String verb, Step step, List<Object> first, Instant now, boolean durably) {
        List<Object> answer = first;
        int losses = 0;
        while (Refusal.is(answer) && Refusal.isLost(answer, verb, now, settings.nodeSkew())) {
            if (++losses > MOST_LOSSES) {
                throw Outage.saying(verb, "partition " + step.partition() + " loses keys again and again");
            }
            Company.confirm(this, verb, step.partition(), now);
            answer = answers(verb, List.of(step), List.of(call(step, now, durably)))
                    .get(0);
        }
        return answer;
    }

    private Supplier<CompletionStage<Object>> call(Step step, Instant now, boolean durably) {
        List<byte[]> names = namesOf(step).toList();
        List<byte[]> values = new ArrayList<>(step.args().size() + 6);
        values.add(number(now.toEpochMilli()));
        values.add(RevocationCodec.encode(RevocationRequest.birth(step.partition(), keys.partitions(), now, settings)));
        values.add(new LookupKey(0, keys.partitions()).toBytes());
        values.add(ByteBuffer.allocate(Long.BYTES).putLong(random.nextLong()).array());
        values.add((settings.retention().toMillis() + " "
                        + settings.endedSessionsKept().toMillis() + " "
                        + settings.nodeSkew().toMillis())
                .getBytes(StandardCharsets.US_ASCII));
        values.add(server.clock().forScript(now));
        values.addAll(step.args());
        return durably
                ? () -> server.port()
                        .runDurably(
                                step.script(),
                                names,
                                values,
                                server.replicas(),
                                server.calls().timeoutMillis())
                : () -> server.port().run(step.script(), names, values);
    }

    static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
}
