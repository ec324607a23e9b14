package dev.curfew.redis;

import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.ClocksDifferException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a script answers that has done nothing. */
final class Refusal {
    private static final String LOST = "!lost";

    private Refusal() {}

    static boolean is(List<Object> answer) {
        return !answer.isEmpty() && answer.get(0) instanceof byte[] first && first.length > 1 && first[0] == '!';
    }

    /** Whether a bucket is to be confirmed as lost, and the script to be run again; any other refusal is thrown. */
    static boolean isLost(List<Object> answer, String verb, Instant now, Duration nodeSkew) {
        String kind = new String(Reply.bytes(answer, 0), StandardCharsets.US_ASCII);
        switch (kind) {
            case LOST -> {
                return true;
            }
            case "!layout" -> throw new LayoutMismatchException(Reply.text(answer, 1));
            case "!differ" -> throw new ClocksDifferException(Duration.ofMillis(Reply.number(answer, 1)), nodeSkew);
            case "!horizon" -> throw new BeforeHorizonException(verb, now, at(answer));
            case "!clocks" -> {
                Instant upTo = at(answer);
                throw now.isBefore(upTo)
                        ? new BeforeHorizonException(verb, now, upTo)
                        : Outage.saying(
                                verb,
                                "at " + now
                                        + " the server's clock is behind, and revocations that it would remember until "
                                        + upTo + " are missing");
            }
            default -> throw new IllegalStateException("an unknown refusal: " + kind);
        }
    }

    private static Instant at(List<Object> answer) {
        return Instant.ofEpochMilli(Reply.number(answer, 1));
    }
}
