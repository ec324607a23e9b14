package dev.curfew.atrest;

import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.session.DeviceInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a payload as bytes that carry their format's version, and reads every version that was ever released.
 *
 * <p>Version 1: the byte 1, then subject, foreign handle, client, label, address and user agent, each as a length and
 * that many bytes of UTF-8 (an absent one has length 0), then the number of attributes and each attribute's name and
 * value alike, sorted by name. Lengths are variable: 7 bits a byte, low bits first. Thread-safe.
 */
public final class PayloadCodec {
    private static final int VERSION_1 = 1;
    private static final int MAX_TEXT_BYTES = 1 << 17;
    private static final int MAX_ATTRIBUTES = 1 << 10;

    private PayloadCodec() {}

    /**
     * Writes a payload.
     *
     * @param payload the content
     * @return a new array
     * @throws IllegalArgumentException if there are more than 1,024 attributes, one is longer than 128 KiB, or one is
     *     not well-formed Unicode
     */
    public static byte[] encode(SessionPayload payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(160);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION_1);
            writeText(out, payload.subject());
            writeText(out, orEmpty(payload.foreignHandle()));
            writeText(out, orEmpty(payload.client()));
            writeText(out, payload.device().label());
            writeText(out, payload.device().address().orElse(""));
            writeText(out, payload.device().userAgent().orElse(""));
            writeLength(out, payload.attributes().size(), MAX_ATTRIBUTES);
            for (Map.Entry<String, String> entry : new TreeMap<>(payload.attributes()).entrySet()) {
                writeText(out, entry.getKey());
                writeText(out, entry.getValue());
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("session attributes must be well-formed Unicode", e);
        } catch (IOException e) {
            throw new UncheckedIOException("an array does not fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a payload.
     *
     * @param bytes as {@link #encode} of this or an earlier version wrote them
     * @return the content
     * @throws UndecodablePayloadException if they are damaged or of a version that this one does not know
     */
    public static SessionPayload decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION_1) {
                throw new UndecodablePayloadException("session payload has an unknown version", null);
            }
            SessionPayload payload = readVersion1(in);
            if (in.available() > 0) {
                throw new UndecodablePayloadException("session payload is longer than its content", null);
            }
            return payload;
        } catch (IOException e) {
            throw new UndecodablePayloadException("session payload is damaged", e);
        }
    }

    private static SessionPayload readVersion1(DataInputStream in) throws IOException {
        String subject = readText(in);
        String foreignHandle = readText(in);
        String client = readText(in);
        DeviceInfo device =
                DeviceInfo.of(readText(in)).withAddress(readText(in)).withUserAgent(readText(in));
        int count = readLength(in, MAX_ATTRIBUTES);
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            attributes.put(readText(in), readText(in));
        }
        return new SessionPayload(subject, orNull(foreignHandle), orNull(client), device, attributes);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        writeLength(out, utf8.remaining(), MAX_TEXT_BYTES);
        out.write(utf8.array(), utf8.arrayOffset(), utf8.remaining());
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] utf8 = new byte[readLength(in, MAX_TEXT_BYTES)];
        in.readFully(utf8);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UndecodablePayloadException("session payload is not UTF-8", e);
        }
    }

    private static void writeLength(DataOutputStream out, int length, int max) throws IOException {
        if (length > max) {
            throw new IllegalArgumentException("session attributes are too many or too long");
        }
        int rest = length;
        while (rest > 0x7F) {
            out.writeByte(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    private static int readLength(DataInputStream in, int max) throws IOException {
        int length = 0;
        for (int shift = 0; shift <= 21; shift += 7) {
            int next = in.readUnsignedByte();
            length |= (next & 0x7F) << shift;
            if ((next & 0x80) == 0) {
                if (length > max) {
                    throw new UndecodablePayloadException("session payload has an impossible length", null);
                }
                return length;
            }
        }
        throw new UndecodablePayloadException("session payload has an impossible length", null);
    }
}
