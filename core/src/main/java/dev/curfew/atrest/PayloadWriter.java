package dev.curfew.atrest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Writes the parts of a payload: numbers, lengths of 7 bits a byte with the low bits first, and texts in UTF-8 behind
 * their length. Confined to one thread.
 */
final class PayloadWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(160);

    /** An unsigned byte. */
    void writeByte(int value) {
        bytes.write(value);
    }

    /** Eight bytes, the high one first. */
    void writeLong(long value) {
        writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    void writeBytes(byte[] value) {
        bytes.writeBytes(value);
    }

    /**
     * Writes how many follow.
     *
     * @throws IllegalArgumentException if that is more than whoever reads it accepts
     */
    void writeLength(int length, int max) {
        if (length > max) {
            throw new IllegalArgumentException("session attributes are too many or too long");
        }
        int rest = length;
        while (rest > 0x7F) {
            bytes.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes.write(rest);
    }

    /**
     * Writes a text.
     *
     * @throws IllegalArgumentException if it is longer than that in UTF-8, or not well-formed Unicode
     */
    void writeText(String text, int maxBytes) {
        if (text.length() > maxBytes) {
            throw new IllegalArgumentException("session attributes are too many or too long");
        }
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            writeLength(utf8.remaining(), maxBytes);
            bytes.write(utf8.array(), utf8.arrayOffset(), utf8.remaining());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("session attributes must be well-formed Unicode", e);
        }
    }

    /** Writes how many there are, and each of them, sorted: the same texts are always the same bytes. */
    void writeTexts(Collection<String> texts, int maxCount, int maxBytes) {
        writeLength(texts.size(), maxCount);
        new TreeSet<>(texts).forEach(text -> writeText(text, maxBytes));
    }

    /** {@return what was written, a new array} */
    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
