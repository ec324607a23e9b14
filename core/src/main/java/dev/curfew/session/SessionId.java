package dev.curfew.session;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * The handle of a session that Curfew began: 128 random bits behind the instant and the place that everybody may know.
 *
 * <p>The 24 bytes are, from the first bit: 48 bits of {@code authenticatedAt} in milliseconds, the 12-bit routing
 * bucket of the subject, 4 bits of version, 128 random bits. They are written as 32 characters of base64url, so that
 * every id has exactly one spelling. Because the instant is part of the id, a token's {@code sid} alone tells on which
 * side of a cut-off its session began; because the bucket is, a store finds the shard without asking. Immutable.
 *
 * @param head instant, bucket and version
 * @param random1 the first half of the random bits
 * @param random2 the second half of the random bits
 */
public record SessionId(long head, long random1, long random2) implements SessionHandle {
    /** The size in bytes. */
    public static final int BYTES = 24;

    private static final int VERSION = 1;
    private static final int BUCKET_SHIFT = 4;
    private static final int MILLIS_SHIFT = 16;
    private static final long MAX_MILLIS = (1L << 48) - 1;
    private static final int TEXT_LENGTH = 32;

    /**
     * Checks the version.
     *
     * @throws InvalidIdentifierException if these bits are not of an id that this version knows
     */
    public SessionId {
        if ((head & 0xF) != VERSION) {
            throw new InvalidIdentifierException("session id has an unknown version");
        }
    }

    /**
     * Makes a new id.
     *
     * @param subject whose session it will be
     * @param authenticatedAt when the session began, to the millisecond
     * @param random a cryptographically strong source
     * @return an id that nobody can guess
     */
    public static SessionId mint(SubjectId subject, Instant authenticatedAt, SecureRandom random) {
        long millis = authenticatedAt.toEpochMilli();
        if (millis < 0 || millis > MAX_MILLIS) {
            throw new InvalidIdentifierException("authenticatedAt is out of the range that a session id can carry");
        }
        long head = millis << MILLIS_SHIFT | (long) subject.key().bucket() << BUCKET_SHIFT | VERSION;
        return new SessionId(head, random.nextLong(), random.nextLong());
    }

    /**
     * Reads an id that comes from outside, without any look-up.
     *
     * @param text what came
     * @return the id, or nothing if this text is not the one spelling of an id of ours
     */
    public static Optional<SessionId> parse(String text) {
        Objects.requireNonNull(text, "text");
        if (text.length() != TEXT_LENGTH || !text.chars().allMatch(SessionId::isBase64Url)) {
            return Optional.empty();
        }
        return read(ByteBuffer.wrap(Base64.getUrlDecoder().decode(text)));
    }

    /**
     * Reads an id that is part of something else.
     *
     * @param bytes read from their position on, which moves by 24
     * @return the id, or nothing if these bytes are not of an id that this version knows
     */
    public static Optional<SessionId> read(ByteBuffer bytes) {
        long head = bytes.getLong();
        long random1 = bytes.getLong();
        long random2 = bytes.getLong();
        return (head & 0xF) == VERSION ? Optional.of(new SessionId(head, random1, random2)) : Optional.empty();
    }

    /**
     * Writes the id as part of something else.
     *
     * @param bytes written from their position on, which moves by 24
     */
    public void write(ByteBuffer bytes) {
        bytes.putLong(head).putLong(random1).putLong(random2);
    }

    /** {@return when the session began, to the millisecond} */
    public Instant authenticatedAt() {
        return Instant.ofEpochMilli(authenticatedMillis());
    }

    /** {@return when the session began, in milliseconds since 1970; for checks, which allocate nothing} */
    public long authenticatedMillis() {
        return head >>> MILLIS_SHIFT;
    }

    /** {@return the routing bucket of the subject, 0 to 4095} */
    public int bucket() {
        return (int) (head >>> BUCKET_SHIFT) & SessionRef.BUCKET_MASK;
    }

    @Override
    public String value() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        write(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** The public handle; it authenticates nothing. */
    @Override
    public String toString() {
        return value();
    }

    private static boolean isBase64Url(int c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }
}
