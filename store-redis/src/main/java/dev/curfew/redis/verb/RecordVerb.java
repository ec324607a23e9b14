package dev.curfew.redis.verb;

import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records entries verbatim, wherever facts that they may cover are looked up. Thread-safe. */
public final class RecordVerb {
    private static final int CHUNK = 200;
    private static final byte[] EVERYWHERE = {'w'};

    private final ScriptRunner scripts;
    private final RedisKeys keys;

    public RecordVerb(ScriptRunner scripts) {
        this.scripts = scripts;
        this.keys = scripts.keys();
    }

    public void record(Collection<Revocation> entries, Instant now) {
        Map<Destination, List<Revocation>> byDestination = new LinkedHashMap<>();
        for (Revocation entry : entries) {
            for (Destination destination : destinationsOf(entry.target())) {
                byDestination
                        .computeIfAbsent(destination, same -> new ArrayList<>())
                        .add(entry);
            }
        }
        write(byDestination, now);
    }

    /**
     * Records entries of foreign sessions at their other destinations, once the first has them: there tokens of another
     * subject, or of none, are looked up.
     */
    void copyForeign(List<Revocation> entries, Instant now) {
        Map<Destination, List<Revocation>> byDestination = new LinkedHashMap<>();
        for (Revocation entry : entries) {
            if (isForeign(entry.target())) {
                everywhere()
                        .forEach(destination -> byDestination
                                .computeIfAbsent(destination, same -> new ArrayList<>())
                                .add(entry));
            }
        }
        write(byDestination, now);
    }

    /** Whether it is a foreign session whose subject is known: it is kept in a bucket and in every partition. */
    public static boolean isForeign(RevocationTarget target) {
        return target.kind() == RevocationTarget.Kind.FOREIGN_SESSION && target.bucket() != RevocationTarget.EVERYWHERE;
    }

    private record Destination(int partition, int bucket) {}

    private Destination destination(int bucket) {
        return new Destination(keys.partitionOf(bucket), bucket);
    }

    private List<Destination> destinationsOf(RevocationTarget target) {
        List<Destination> destinations = new ArrayList<>();
        if (target.bucket() != RevocationTarget.EVERYWHERE) {
            destinations.add(destination(target.bucket()));
        }
        if (target.bucket() == RevocationTarget.EVERYWHERE || isForeign(target)) {
            destinations.addAll(everywhere());
        }
        return destinations;
    }

    private List<Destination> everywhere() {
        List<Destination> destinations = new ArrayList<>();
        for (int partition = 0; partition < keys.partitions(); partition++) {
            destinations.add(new Destination(partition, RevocationTarget.EVERYWHERE));
        }
        return destinations;
    }

    private void write(Map<Destination, List<Revocation>> byDestination, Instant now) {
        List<ScriptCall> calls = new ArrayList<>();
        byDestination.forEach((destination, entries) -> {
            for (int from = 0; from < entries.size(); from += CHUNK) {
                calls.add(call(destination, entries.subList(from, Math.min(entries.size(), from + CHUNK))));
            }
        });
        if (!calls.isEmpty()) {
            scripts.writeAll("record", calls, now);
        }
    }

    private ScriptCall call(Destination destination, List<Revocation> entries) {
        boolean isEverywhere = destination.bucket() == RevocationTarget.EVERYWHERE;
        List<byte[]> args = new ArrayList<>();
        args.add(isEverywhere ? EVERYWHERE : ScriptCall.number(destination.bucket()));
        for (Revocation entry : entries) {
            args.add(entry.target().key().toBytes());
            args.add(RevocationCodec.encode(entry));
        }
        byte[] due = keys.due(destination.partition());
        return new ScriptCall(
                LuaScript.RECORD,
                destination.partition(),
                isEverywhere
                        ? List.of(due)
                        : List.of(
                                due,
                                keys.revocations(destination.bucket()),
                                keys.sessions(destination.bucket()),
                                keys.index(destination.bucket()),
                                keys.ended(destination.bucket())),
                args);
    }
}
