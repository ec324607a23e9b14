package dev.curfew.redis.script;

import dev.curfew.redis.connection.Outage;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.ClocksDifferException;
import dev.curfew.store.UndecodableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/** Why a script has done nothing, as its reply says. */
final class ScriptRejection {
    private ScriptRejection() {}

    /** Whether a bucket is to be confirmed as lost, and the script to be run again; any other rejection is thrown. */
    static boolean isLost(ScriptReply reply, String verb, Instant now, Duration nodeSkew) {
        String kind = reply.text(0);
        switch (kind) {
            case "!lost" -> {
                return true;
            }
            case "!layout" -> throw Layout.mismatch(reply.text(1));
            case "!differ" -> throw new ClocksDifferException(Duration.ofMillis(reply.number(1)), nodeSkew);
            case "!horizon" -> throw new BeforeHorizonException(verb, now, Instant.ofEpochMilli(reply.number(1)));
            case "!clocks" -> throw clockBehind(verb, now, Instant.ofEpochMilli(reply.number(1)));
            case "!records" ->
                throw new UndecodableRecordException("the records of group " + reply.key(1)
                        + " are incomplete: Redis has lost a part of their keys (evicted, expired or deleted); nothing"
                        + " of them is answered until what is left is deleted too (the keys whose names end with that)"
                        + " or has ended");
            case "!record" ->
                throw new UndecodableRecordException("the record "
                        + HexFormat.of().formatHex(reply.bytes(2)) + " in group " + reply.key(1) + " cannot be read");
            default -> throw new IllegalStateException("an unknown rejection: " + kind);
        }
    }

    /** By one of the two clocks, what a bucket held until an instant is not forgotten yet. */
    private static RuntimeException clockBehind(String verb, Instant now, Instant until) {
        return now.isBefore(until)
                ? new BeforeHorizonException(verb, now, until)
                : Outage.saying(
                        verb,
                        "at " + now + " the server's clock is behind, and revocations that it would remember until "
                                + until + " are missing");
    }
}
