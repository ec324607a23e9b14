package dev.curfew.redis;

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

/** One line of a partition's feed as it stands there: chained hash (8 bytes), instant (6), type (1), content. */
final class FeedLine {
    private static final int TYPE = 14;
    private static final int CONTENT = 15;

    private final long number;
    private final long hash;
    private final byte[] line;

    private FeedLine(long number, long hash, byte[] line) {
        this.number = number;
        this.hash = hash;
        this.line = line;
    }

    /** Reads what {@link Read#lines} answers; a line that is too short to be one has no content and no hash. */
    static List<FeedLine> all(List<byte[]> answer) {
        List<FeedLine> lines = new ArrayList<>(answer.size() / 3);
        for (int i = 0; i + 2 < answer.size(); i += 3) {
            lines.add(of(new String(answer.get(i), StandardCharsets.US_ASCII), answer.get(i + 2)));
        }
        return lines;
    }

    private static FeedLine of(String id, byte[] line) {
        return new FeedLine(
                Long.parseLong(id.substring(0, id.indexOf('-'))),
                line.length < Long.BYTES ? 0 : ByteBuffer.wrap(line).getLong(),
                line);
    }

    long number() {
        return number;
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
