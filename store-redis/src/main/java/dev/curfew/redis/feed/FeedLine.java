package dev.curfew.redis.feed;

import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.UndecodableRevocationException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One line of a partition's feed as it stands there: chained hash (8 bytes), instant (6), type (1), content. */
final class FeedLine {
    private static final int TYPE = 14;
    private static final int CONTENT = 15;
    private static final Pattern ID = Pattern.compile("\\d+-\\d+");
    /** Up to what a script counts exactly. */
    private static final Pattern OUR_ID = Pattern.compile("\\d{1,15}-0");

    private final long number;
    private final long hash;
    private final byte[] line;

    private FeedLine(long number, long hash, byte[] line) {
        this.number = number;
        this.hash = hash;
        this.line = line;
    }

    /**
     * Reads what {@link ReadCommand#lines} answers. What others wrote there has no content: a line of several fields
     * counts by its first one, a line that is too short has no hash, and one with an id that is none of ours has no
     * number.
     */
    static List<FeedLine> all(List<byte[]> answer) {
        List<FeedLine> lines = new ArrayList<>(answer.size() / 3);
        int at = 0;
        while (at + 2 < answer.size()) {
            lines.add(new FeedLine(numberOf(answer.get(at)), hashOf(answer.get(at + 2)), answer.get(at + 2)));
            at += 3;
            while (at + 1 < answer.size() && !ID.matcher(text(answer.get(at))).matches()) {
                at += 2;
            }
        }
        return lines;
    }

    /** The number in an id, which others have not made; else -1. */
    static long numberOf(byte[] id) {
        String text = text(id);
        return OUR_ID.matcher(text).matches() ? Long.parseLong(text.substring(0, text.length() - 2)) : -1;
    }

    /** What a line begins with, or 0 if it is too short. */
    static long hashOf(byte[] line) {
        return line.length < Long.BYTES ? 0 : ByteBuffer.wrap(line).getLong();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    long number() {
        return number;
    }

    int length() {
        return line.length;
    }

    long hash() {
        return hash;
    }

    boolean isBirth() {
        return content()
                .filter(entry -> entry instanceof FeedEntry.Revoked revoked
                        && revoked.revocation().target().kind() == RevocationTarget.Kind.BIRTH)
                .isPresent();
    }

    /** What it says, or nothing if a newer version wrote it. */
    Optional<FeedEntry> content() {
        if (line.length < CONTENT + LookupKey.BYTES) {
            return Optional.empty();
        }
        try {
            LookupKey key = LookupKey.fromBytes(Arrays.copyOfRange(line, CONTENT, CONTENT + LookupKey.BYTES));
            return switch (line[TYPE]) {
                case 1 ->
                    Optional.of(new FeedEntry.Revoked(RevocationCodec.decode(
                            key, Arrays.copyOfRange(line, CONTENT + LookupKey.BYTES, line.length))));
                case 2 -> Optional.of(new FeedEntry.Rotated(key));
                default -> Optional.empty();
            };
        } catch (UndecodableRevocationException e) {
            return Optional.empty();
        }
    }
}
