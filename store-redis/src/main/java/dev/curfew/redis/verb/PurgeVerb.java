package dev.curfew.redis.verb;

import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.redis.server.UndecodableSessionException;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.StoreArguments;
import dev.curfew.store.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Removes what has ended long enough ago, bucket by bucket, where something is due. Thread-safe. */
public final class PurgeVerb {
    private static final DamagedRows DAMAGED = new DamagedRows(PurgeVerb.class, System::nanoTime);
    private static final int UPDATED_TOGETHER = 64;

    private final ScriptRunner scripts;
    private final RedisKeys keys;

    public PurgeVerb(ScriptRunner scripts) {
        this.scripts = scripts;
        this.keys = scripts.keys();
    }

    public PurgeResult purge(Instant now, int limit) {
        StoreArguments.requireLimit(limit);
        List<Due> due = due(now);
        updateEnded(due, now);
        Removed removed = new Removed();
        boolean isLeft = false;
        for (Due one : due) {
            if (one.isEndedSet()) {
                continue;
            }
            isLeft = removed.count() == limit;
            if (isLeft) {
                break;
            }
            removed.add(scripts.run("purge", purgeOf(one, limit - removed.count()), now));
        }
        if (removed.hasForgotten) {
            raiseHorizon(now);
        }
        return new PurgeResult(
                removed.sessions, removed.revocations, isLeft || removed.count() == limit, removed.expired);
    }

    /** Takes the horizon back; what began before is refused from then on, since nobody knows what was removed. */
    public void resetHorizon(Instant now) {
        scripts.writeAll(
                "resetHorizon",
                scripts.everywhere(partition -> ScriptCall.of(LuaScript.RESET_HORIZON, partition)),
                now);
    }

    /**
     * Where something is due.
     *
     * @param member {@code w} for the partition's own hash, the number of a bucket, or {@code x} and that number for
     *     the set of its ended sessions
     */
    private record Due(int partition, String member) {
        boolean isEndedSet() {
            return member.startsWith("x");
        }

        boolean isOwnHash() {
            return member.equals("w");
        }

        int bucket() {
            return Integer.parseInt(isEndedSet() ? member.substring(1) : member);
        }
    }

    private List<Due> due(Instant now) {
        List<ScriptReply> replies = scripts.runAll(
                "purge",
                scripts.everywhere(partition -> new ScriptCall(
                        LuaScript.BEGIN_PURGE,
                        partition,
                        List.of(keys.due(partition), keys.notices(partition)),
                        List.of())),
                now);
        List<Due> due = new ArrayList<>();
        for (int partition = 0; partition < replies.size(); partition++) {
            for (int i = 0; i < replies.get(partition).size(); i++) {
                due.add(new Due(partition, replies.get(partition).text(i)));
            }
        }
        return due;
    }

    /** What is removed so far. Confined to one thread. */
    private static final class Removed {
        private final List<ExpiredSession> expired = new ArrayList<>();
        private int sessions;
        private int revocations;
        private boolean hasForgotten;

        int count() {
            return sessions + revocations;
        }

        void add(ScriptReply reply) {
            sessions += (int) reply.number(0);
            revocations += (int) reply.number(1);
            hasForgotten |= reply.number(2) == 1;
            for (int i = 3; i < reply.size(); i += 3) {
                addExpired(reply.key(i), reply.bytes(i + 1), reply.number(i + 2) == 1);
            }
        }

        private void addExpired(LookupKey key, byte[] row, boolean isCovered) {
            try {
                expired.add(new ExpiredSession(SessionCodec.decode(key, row), isCovered));
            } catch (UndecodableSessionException e) {
                DAMAGED.met(key, "expired and gone, but not answered: " + e.getMessage());
            }
        }
    }

    /** Each script raised the horizon where it removed something; in the end all partitions have the same. */
    private void raiseHorizon(Instant now) {
        List<byte[]> horizon =
                List.of(ScriptCall.number(now.minus(StoreSettings.PURGE_DELAY).toEpochMilli()));
        scripts.runAll(
                "purge",
                scripts.everywhere(partition -> new ScriptCall(LuaScript.RAISE_HORIZON, partition, List.of(), horizon)),
                now);
    }

    /** In buckets in which sessions may have ended by time, so that the next count there need not look at each. */
    private void updateEnded(List<Due> due, Instant now) {
        List<ScriptCall> calls =
                due.stream().filter(Due::isEndedSet).map(this::updateOf).toList();
        for (int from = 0; from < calls.size(); from += UPDATED_TOGETHER) {
            scripts.runAll("purge", calls.subList(from, Math.min(calls.size(), from + UPDATED_TOGETHER)), now);
        }
    }

    private ScriptCall updateOf(Due due) {
        int bucket = due.bucket();
        return new ScriptCall(
                LuaScript.UPDATE_ENDED,
                due.partition(),
                List.of(
                        keys.due(due.partition()),
                        keys.revocations(bucket),
                        keys.sessions(bucket),
                        keys.index(bucket),
                        keys.ended(bucket)),
                List.of(ScriptCall.number(bucket)));
    }

    private ScriptCall purgeOf(Due due, int limit) {
        List<byte[]> names = new ArrayList<>();
        names.add(keys.due(due.partition()));
        if (due.isOwnHash()) {
            names.add(keys.part(due.partition()));
        } else {
            int bucket = due.bucket();
            names.add(keys.revocations(bucket));
            names.add(keys.sessions(bucket));
            names.add(keys.index(bucket));
            names.add(keys.foreign(due.partition()));
            names.add(keys.ended(bucket));
        }
        return new ScriptCall(
                LuaScript.PURGE,
                due.partition(),
                names,
                List.of(due.member().getBytes(StandardCharsets.US_ASCII), ScriptCall.number(limit)));
    }
}
