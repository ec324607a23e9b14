package dev.curfew.redis.script;

import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.connection.Outage;
import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.connection.RedisPort;
import dev.curfew.redis.connection.Server;
import dev.curfew.redis.connection.ServerClock;
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

/** Runs scripts on partitions, with what every script is given: its keys, the instant, its birth. Thread-safe. */
public final class ScriptRunner {
    private static final int MOST_LOSSES = 5;

    private final Server server;
    private final RedisKeys keys;
    private final StoreSettings settings;
    private final SecureRandom random = new SecureRandom();

    public ScriptRunner(Server server, RedisKeys keys, StoreSettings settings) {
        this.server = server;
        this.keys = keys;
        this.settings = settings;
    }

    public RedisKeys keys() {
        return keys;
    }

    public StoreSettings settings() {
        return settings;
    }

    public RedisPort port() {
        return server.port();
    }

    ServerClock clock() {
        return server.clock();
    }

    public ScriptReply run(String verb, ScriptCall call, Instant now) {
        return runAll(verb, List.of(call), now).get(0);
    }

    /** Runs what must not be lost, as durably as the host demands. */
    public ScriptReply write(String verb, ScriptCall call, Instant now) {
        return writeAll(verb, List.of(call), now).get(0);
    }

    /** Runs all at once, and answers in their order. */
    public List<ScriptReply> runAll(String verb, List<ScriptCall> calls, Instant now) {
        return new Run(verb, now, false).all(calls);
    }

    /** As {@link #runAll}, as durably as the host demands. */
    public List<ScriptReply> writeAll(String verb, List<ScriptCall> calls, Instant now) {
        return new Run(verb, now, server.replicas() > 0).all(calls);
    }

    /** One call for each partition. */
    public List<ScriptCall> everywhere(IntFunction<ScriptCall> call) {
        return IntStream.range(0, keys.partitions()).mapToObj(call).toList();
    }

    /** Sends all readings in one go, and answers in their order. */
    public List<List<byte[]>> read(String verb, List<ReadCommand> reads) {
        try {
            return server.calls().read(verb, server.port(), reads);
        } catch (StoreUnavailableException e) {
            throw WrongTypeFinder.named(
                    e, verb, server, reads.stream().map(ReadCommand::key).toList());
        }
    }

    /** Waits for a reading that was sent before. */
    public List<byte[]> finish(String verb, ReadCommand read, CompletableFuture<List<byte[]>> sent) {
        try {
            return server.calls().finish(verb, server.port(), read, sent);
        } catch (StoreUnavailableException e) {
            throw WrongTypeFinder.named(e, verb, server, List.of(read.key()));
        }
    }

    /** How some scripts are run for one verb. Confined to one thread. */
    private final class Run {
        private final String verb;
        private final Instant now;
        private final boolean durably;

        Run(String verb, Instant now, boolean durably) {
            this.verb = verb;
            this.now = now;
            this.durably = durably;
        }

        List<ScriptReply> all(List<ScriptCall> calls) {
            List<ScriptReply> replies = send(calls);
            List<ScriptReply> settled = new ArrayList<>(replies.size());
            for (int i = 0; i < replies.size(); i++) {
                settled.add(settled(calls.get(i), replies.get(i)));
            }
            return settled;
        }

        private List<ScriptReply> send(List<ScriptCall> calls) {
            List<Supplier<CompletionStage<Object>>> prepared =
                    calls.stream().map(this::prepared).toList();
            try {
                return server.calls().all(verb, prepared).stream()
                        .map(ScriptReply::of)
                        .toList();
            } catch (StoreUnavailableException e) {
                throw WrongTypeFinder.named(
                        e,
                        verb,
                        server,
                        calls.stream().flatMap(ScriptRunner.this::keysOf).toList());
            }
        }

        /** A script that met a lost bucket has done nothing: it is run again once that was confirmed. */
        private ScriptReply settled(ScriptCall call, ScriptReply first) {
            ScriptReply reply = first;
            int losses = 0;
            while (reply.isRejection() && ScriptRejection.isLost(reply, verb, now, settings.nodeSkew())) {
                if (++losses > MOST_LOSSES) {
                    throw Outage.saying(verb, "partition " + call.partition() + " loses keys again and again");
                }
                BucketIntegrity.confirm(ScriptRunner.this, verb, call.partition(), now);
                reply = send(List.of(call)).get(0);
            }
            return reply;
        }

        /** The same keys and arguments for each try. */
        private Supplier<CompletionStage<Object>> prepared(ScriptCall call) {
            List<byte[]> names = keysOf(call).toList();
            List<byte[]> values = argsOf(call, now);
            RedisPort port = server.port();
            return durably
                    ? () -> port.runDurably(
                            call.script(),
                            names,
                            values,
                            server.replicas(),
                            server.calls().timeoutMillis())
                    : () -> port.run(call.script(), names, values);
        }
    }

    private Stream<byte[]> keysOf(ScriptCall call) {
        return Stream.concat(Stream.of(keys.part(call.partition()), keys.feed(call.partition())), call.keys().stream());
    }

    private List<byte[]> argsOf(ScriptCall call, Instant now) {
        List<byte[]> values = new ArrayList<>(call.args().size() + 6);
        values.add(ScriptCall.number(now.toEpochMilli()));
        values.add(RevocationCodec.encode(RevocationRequest.birth(call.partition(), keys.partitions(), now, settings)));
        values.add(new LookupKey(0, keys.partitions()).toBytes());
        values.add(ByteBuffer.allocate(Long.BYTES).putLong(random.nextLong()).array());
        values.add((settings.retention().toMillis() + " "
                        + settings.endedSessionsKept().toMillis() + " "
                        + settings.nodeSkew().toMillis())
                .getBytes(StandardCharsets.US_ASCII));
        values.add(server.clock().forScript(now));
        values.addAll(call.args());
        return values;
    }
}
