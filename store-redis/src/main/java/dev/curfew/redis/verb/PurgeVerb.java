package dev.curfew.redis.verb;

import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.codec.UndecodableSessionException;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.StoreArguments;
import dev.curfew.store.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Removes what has ended long enough ago, bucket by bucket, where something is due. Thread-safe. */
public final class PurgeVerb {
    private static final DamagedRows DAMAGED = new DamagedRows(PurgeVerb.class, System::nanoTime);
    private static final int SENT_TOGETHER = 64;
    private static final Pattern BUCKET = Pattern.compile("[0-9]{1,4}");

    private final ScriptRunner scripts;
    private final RedisKeys keys;

    public PurgeVerb(ScriptRunner scripts) {
        this.scripts = scripts;
        this.keys = scripts.keys();
    }

    public PurgeResult purge(Instant now, int limit) {
        StoreArguments.requireLimit(limit);
        Due due = due(now, limit);
        updateEnded(due.endedSets, now);
        Removed removed = new Removed();
        for (Place bucket : due.buckets) {
            if (removed.count() == limit) {
                break;
            }
            removed.add(scripts.run("purge", purgeOf(bucket, limit - removed.count()), now));
        }
        purgeRecords(due.groups, removed, limit, now);
        if (removed.hasForgotten) {
            raiseHorizon(now);
        }
        return new PurgeResult(
                removed.sessions, removed.revocations, due.hasMoreGroups || removed.count() == limit, removed.expired);
    }

    /** Some groups in one go, each with its part of what may be removed; one that uses that up has another turn. */
    private void purgeRecords(Collection<Group> due, Removed removed, int limit, Instant now) {
        Deque<Group> waiting = new ArrayDeque<>(due);
        while (!waiting.isEmpty() && removed.count() < limit) {
            int left = limit - removed.count();
            int size = Math.min(Math.min(SENT_TOGETHER, left), waiting.size());
            List<Group> turn = Stream.generate(waiting::remove).limit(size).toList();
            List<ScriptReply> replies = scripts.runAll(
                    "purge", turn.stream().map(one -> purgeOf(one, left / size)).toList(), now);
            for (int i = 0; i < size; i++) {
                int gone = (int) replies.get(i).number(0);
                removed.addRecords(gone);
                if (gone == left / size) {
                    waiting.add(turn.get(i));
                }
            }
        }
    }

    /** Takes the horizon back; what began before is refused from then on, since nobody knows what was removed. */
    public void resetHorizon(Instant now) {
        scripts.writeAll(
                "resetHorizon",
                scripts.everywhere(partition -> ScriptCall.of(LuaScript.RESET_HORIZON, partition)),
                now);
    }

    /** The hash of a partition's own ({@code w}), or the number of a bucket. */
    private record Place(int partition, String member) {
        boolean isKnown(RedisKeys keys) {
            return isOwnHash()
                    || BUCKET.matcher(member).matches()
                            && bucket() < RedisKeys.BUCKETS
                            && keys.partitionOf(bucket()) == partition;
        }

        boolean isOwnHash() {
            return member.equals("w");
        }

        int bucket() {
            return Integer.parseInt(member);
        }
    }

    /** A group of shared records. */
    private record Group(int partition, LookupKey key) {}

    /**
     * Where something is due, as members say it: {@code x} and the number of a bucket for the set of its ended
     * sessions, {@code k} and a group, and places. Confined to one thread.
     */
    private static final class Due {
        private final List<Place> buckets = new ArrayList<>();
        private final List<Place> endedSets = new ArrayList<>();
        private final List<Group> groups = new ArrayList<>();
        private boolean hasMoreGroups;

        void add(int partition, ScriptReply reply, int limit, RedisKeys keys) {
            int before = groups.size();
            for (int i = 0; i < reply.size(); i++) {
                byte[] member = reply.bytes(i);
                if (member.length == 1 + LookupKey.BYTES && member[0] == 'k') {
                    groups.add(new Group(partition, LookupKey.fromBytes(Arrays.copyOfRange(member, 1, member.length))));
                } else {
                    String text = reply.text(i);
                    boolean isEndedSet = text.startsWith("x");
                    add(new Place(partition, isEndedSet ? text.substring(1) : text), isEndedSet, keys);
                }
            }
            hasMoreGroups |= groups.size() - before >= limit;
        }

        private void add(Place place, boolean isEndedSet, RedisKeys keys) {
            if (place.isKnown(keys) && !(isEndedSet && place.isOwnHash())) {
                (isEndedSet ? endedSets : buckets).add(place);
            } else {
                // Another version may know it, so that it stays.
                DAMAGED.met(
                        LookupKey.of("curfew-due", place.member()),
                        "a purge passes over what it does not know in the set of what is due");
            }
        }
    }

    private Due due(Instant now, int limit) {
        List<ScriptReply> replies = scripts.runAll(
                "purge",
                scripts.everywhere(partition -> new ScriptCall(
                        LuaScript.BEGIN_PURGE,
                        partition,
                        List.of(keys.due(partition), keys.notices(partition), keys.dueRecords(partition)),
                        List.of(ScriptCall.number(limit)))),
                now);
        Due due = new Due();
        for (int partition = 0; partition < replies.size(); partition++) {
            due.add(partition, replies.get(partition), limit, keys);
        }
        return due;
    }

    /** What is removed so far. Confined to one thread. */
    private static final class Removed {
        private final List<ExpiredSession> expired = new ArrayList<>();
        private int sessions;
        private int revocations;
        private int records;
        private boolean hasForgotten;

        int count() {
            return sessions + revocations + records;
        }

        void add(ScriptReply reply) {
            sessions += (int) reply.number(0);
            revocations += (int) reply.number(1);
            hasForgotten |= reply.number(2) == 1;
            for (int i = 3; i < reply.size(); i += 3) {
                addExpired(reply.key(i), reply.bytes(i + 1), reply.number(i + 2) == 1);
            }
        }

        void addRecords(int gone) {
            records += gone;
            hasForgotten |= gone > 0;
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
    private void updateEnded(List<Place> due, Instant now) {
        List<ScriptCall> calls = due.stream().map(this::updateOf).toList();
        for (int from = 0; from < calls.size(); from += SENT_TOGETHER) {
            scripts.runAll("purge", calls.subList(from, Math.min(calls.size(), from + SENT_TOGETHER)), now);
        }
    }

    private ScriptCall updateOf(Place due) {
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

    private ScriptCall purgeOf(Group group, int limit) {
        return new ScriptCall(
                LuaScript.PURGE_GROUP,
                group.partition(),
                keys.records(group.key()),
                List.of(group.key().toBytes(), ScriptCall.number(limit)));
    }

    private ScriptCall purgeOf(Place due, int limit) {
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
