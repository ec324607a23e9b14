package dev.curfew.atrest;

import dev.curfew.crypto.UndecodablePayloadException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads the parts of a payload as {@link PayloadWriter} wrote them; whatever else it meets is undecodable. Confined to
 * one thread.
 *
 * <p>No length allocates more than the bytes that are there.
 */
final class PayloadReader {
    /** Four bytes of seven bits: no length is longer. */
    private static final int LAST_SHIFT = 21;

    private final ByteBuffer bytes;

    PayloadReader(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    int readByte() {
        require(1);
        return bytes.get() & 0xFF;
    }

    long readLong() {
        require(Long.BYTES);
        return bytes.getLong();
    }

    byte[] readBytes(int length) {
        require(length);
        byte[] read = new byte[length];
        bytes.get(read);
        return read;
    }

    int readLength(int max) {
        int length = 0;
        for (int shift = 0; shift <= LAST_SHIFT; shift += 7) {
            int next = readByte();
            length |= (next & 0x7F) << shift;
            if ((next & 0x80) == 0) {
                if (length > max) {
                    throw undecodable("has an impossible length");
                }
                return length;
            }
        }
        throw undecodable("has an impossible length");
    }

    String readText(int maxBytes) {
        byte[] utf8 = readBytes(readLength(maxBytes));
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UndecodablePayloadException("session payload is not UTF-8", e);
        }
    }

    /** Texts of which none stands twice. */
    Set<String> readTexts(int maxCount, int maxBytes) {
        int count = readLength(maxCount);
        Set<String> texts = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            if (!texts.add(readText(maxBytes))) {
                throw undecodable("names something twice");
            }
        }
        return texts;
    }

    void requireEnd() {
        if (bytes.hasRemaining()) {
            throw undecodable("is longer than its content");
        }
    }

    private void require(int length) {
        if (bytes.remaining() < length) {
            throw undecodable("is damaged");
        }
    }

    static UndecodablePayloadException undecodable(String how) {
        return new UndecodablePayloadException("session payload " + how, null);
    }
}
