package dev.curfew.token;

import dev.curfew.work.Spares;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The SHA-256 of a whole token, signature included: another spelling of the same token is another text. Immutable.
 *
 * <p>Hashed is one byte for each character, as {@link String#getBytes} with ISO 8859-1 has them. An authentic token is
 * ASCII and has no question mark, which stands for what that charset lacks: no other text has the bytes of a token.
 *
 * <p>Allocates the result alone. The digest and the buffers are used again, and cleared in between.
 */
record TextHash(long a, long b, long c, long d) {
    private static final int CHUNK = 1_024;
    private static final Spares<Hasher> HASHERS = new Spares<>(Hasher::new);

    static TextHash of(String text) {
        return HASHERS.use(Hasher::hash, text);
    }

    /** Confined to whom it is lent. */
    private static final class Hasher {
        private final MessageDigest sha256 = sha256();
        private final CharsetEncoder encoder = StandardCharsets.ISO_8859_1
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private final char[] chars = new char[CHUNK];
        private final CharBuffer in = CharBuffer.wrap(chars);
        private final ByteBuffer out = ByteBuffer.allocate(CHUNK);

        TextHash hash(String text) {
            int length = text.length();
            for (int from = 0; from < length; from += CHUNK) {
                update(text, from, Math.min(CHUNK, length - from));
            }
            try {
                sha256.digest(out.array(), 0, sha256.getDigestLength());
            } catch (DigestException e) {
                throw new IllegalStateException("a chunk has room for a hash", e);
            }
            TextHash hash = new TextHash(out.getLong(0), out.getLong(8), out.getLong(16), out.getLong(24));
            // A digest keeps its last block until it is reset.
            sha256.reset();
            Arrays.fill(chars, 0, Math.min(CHUNK, length), '\0');
            Arrays.fill(out.array(), (byte) 0);
            return hash;
        }

        private void update(String text, int from, int count) {
            text.getChars(from, from + count, chars, 0);
            if (!encoder.reset()
                    .encode(in.clear().limit(count), out.clear(), true)
                    .isUnderflow()) {
                throw new IllegalStateException("a chunk has room for its characters");
            }
            sha256.update(out.flip());
            out.clear();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
