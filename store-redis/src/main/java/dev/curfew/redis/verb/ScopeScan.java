package dev.curfew.redis.verb;

import dev.curfew.redis.codec.IndexMember;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FoundSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Looks for the sessions of a client or a realm in one bucket, until some were met. Confined to one thread. */
final class ScopeScan {
    private static final int FIRST_ROW = 2;

    private final RedisKeys keys;
    private final RevocationTarget scope;
    private final int most;
    private final List<Met> met = new ArrayList<>();
    private IndexPosition place;
    private boolean isOver;

    ScopeScan(RedisKeys keys, RevocationTarget scope, IndexPosition from, int most) {
        this.keys = keys;
        this.scope = scope;
        this.place = from;
        this.most = most;
    }

    /** A session, and where it stands. */
    record Met(FoundSession session, IndexPosition place) {}

    /** {@return the sessions so far, in the order of the walk} */
    List<Met> met() {
        return met;
    }

    /** {@return whether all of the bucket was looked at} */
    boolean isOver() {
        return isOver;
    }

    /** {@return whether it was, or enough was met} */
    boolean isDone() {
        return isOver || met.size() >= most;
    }

    /** {@return up to where it was looked at} */
    IndexPosition place() {
        return place;
    }

    /** {@return what looks further} */
    ScriptCall call() {
        int bucket = place.bucket();
        return new ScriptCall(
                LuaScript.LIST_SCOPE,
                keys.partitionOf(bucket),
                List.of(keys.revocations(bucket), keys.sessions(bucket), keys.index(bucket), keys.ended(bucket)),
                List.of(
                        ScriptCall.number(scope.kind() == RevocationTarget.Kind.CLIENT ? 1 : 0),
                        scope.key().toBytes(),
                        place.member(),
                        ScriptCall.number(IndexPosition.ROWS_AT_ONCE),
                        ScriptCall.number(most - met.size())));
    }

    /** Takes what {@link #call} was answered. */
    void take(ScriptReply reply, Instant now) {
        ListedRows rows = new ListedRows(keys.partitions(), reply.bytes(0), now);
        for (int i = FIRST_ROW; i < reply.size(); i += ListedRows.PARTS) {
            IndexPosition at = new IndexPosition(place.bucket(), reply.bytes(i));
            rows.read(IndexMember.sessionOf(reply.bytes(i)), reply, i)
                    .ifPresent(session -> met.add(new Met(session, at)));
        }
        byte[] last = reply.bytes(1);
        isOver = last.length == 0;
        if (!isOver) {
            place = new IndexPosition(place.bucket(), last);
        }
    }
}
