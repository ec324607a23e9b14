package dev.curfew.subject;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.LookupKey;
import dev.curfew.store.OperationId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;

/** Reads the parts of a text that says how to go on with an act. Confined to one thread. */
final class PlanReader {
    static final String SEPARATOR = ":";

    private static final int MAX_LENGTH = 512;

    private final Iterator<String> parts;

    private PlanReader(String[] parts) {
        this.parts = Arrays.asList(parts).iterator();
    }

    /** Nothing if the text has another version, another number of parts, or a part that is not what it should be. */
    static <T> Optional<T> read(String text, String version, int count, Function<PlanReader, T> reading) {
        // The last part may hold the separator: an actor's reference is any printable ASCII.
        String[] parts = text.length() > MAX_LENGTH ? new String[0] : text.split(SEPARATOR, count);
        if (parts.length != count || !parts[0].equals(version)) {
            return Optional.empty();
        }
        PlanReader in = new PlanReader(parts);
        in.next();
        try {
            return Optional.of(reading.apply(in));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return Optional.empty();
        }
    }

    static String text(OperationId operation) {
        return HexFormat.of().toHexDigits(operation.high()) + HexFormat.of().toHexDigits(operation.low());
    }

    static String text(Instant instant) {
        return Long.toString(instant.toEpochMilli());
    }

    static String text(RevocationReason reason) {
        return Integer.toString(reason.code());
    }

    static String text(Actor actor) {
        return actor.kind().code() + SEPARATOR + actor.id();
    }

    LookupKey key() {
        byte[] bytes = HexFormat.of().parseHex(next());
        if (bytes.length != LookupKey.BYTES) {
            throw new IllegalArgumentException("no key");
        }
        return LookupKey.fromBytes(bytes);
    }

    OperationId operation() {
        LookupKey bits = key();
        return new OperationId(bits.high(), bits.low());
    }

    int number() {
        return Integer.parseInt(next());
    }

    Instant instant() {
        return Instant.ofEpochMilli(Long.parseLong(next()));
    }

    RevocationReason reason() {
        return RevocationReason.ofCode(number()).orElseThrow(IllegalArgumentException::new);
    }

    Actor actor() {
        return new Actor(Actor.Kind.ofCode(number()).orElseThrow(IllegalArgumentException::new), next());
    }

    private String next() {
        return parts.next();
    }
}
