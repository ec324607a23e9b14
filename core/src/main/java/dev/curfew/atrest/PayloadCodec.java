package dev.curfew.atrest;

import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.session.DeviceInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a payload as bytes that carry their format's version, and reads every version that was ever released.
 *
 * <p>Version 1: the byte 1, then subject, foreign handle, client, label of the device, address and user agent, each as
 * a length and that many bytes of UTF-8 (an absent one has length 0), then the number of attributes and each
 * attribute's name and value alike, sorted by name. Lengths are variable: 7 bits a byte, low bits first.
 *
 * <p>Version 3: the byte 3, the content of version 1, and behind it what {@link ExtrasCodec} writes. A session that has
 * nothing of that is written in version 1, which nodes of earlier versions read too. There is no version 2: it is the
 * first byte of an encrypted payload. Thread-safe.
 */
public final class PayloadCodec {
    private static final int VERSION_1 = 1;
    private static final int VERSION_3 = 3;
    private static final int MAX_TEXT_BYTES = 1 << 17;
    private static final int MAX_ATTRIBUTES = 1 << 10;

    private PayloadCodec() {}

    /**
     * Writes a payload, in the earliest version that holds it.
     *
     * @param payload the content
     * @return a new array
     * @throws IllegalArgumentException if there are more than 1,024 attributes, one is longer than 128 KiB, or one is
     *     not well-formed Unicode
     */
    public static byte[] encode(SessionPayload payload) {
        PayloadWriter out = new PayloadWriter();
        boolean hasExtras = !payload.extras().equals(SessionExtras.NONE);
        out.writeByte(hasExtras ? VERSION_3 : VERSION_1);
        writeContent(out, payload);
        if (hasExtras) {
            ExtrasCodec.write(out, payload.extras());
        }
        return out.toBytes();
    }

    /**
     * Reads a payload.
     *
     * @param bytes as {@link #encode} of this or an earlier version wrote them
     * @return the content
     * @throws UndecodablePayloadException if they are damaged or of a version that this one does not know
     */
    public static SessionPayload decode(byte[] bytes) {
        PayloadReader in = new PayloadReader(bytes);
        int version = in.readByte();
        if (version != VERSION_1 && version != VERSION_3) {
            throw PayloadReader.undecodable("has an unknown version");
        }
        SessionPayload content = readContent(in);
        SessionPayload payload = version == VERSION_1 ? content : content.with(ExtrasCodec.read(in));
        in.requireEnd();
        return payload;
    }

    private static void writeContent(PayloadWriter out, SessionPayload payload) {
        out.writeText(payload.subject(), MAX_TEXT_BYTES);
        out.writeText(orEmpty(payload.foreignHandle()), MAX_TEXT_BYTES);
        out.writeText(orEmpty(payload.client()), MAX_TEXT_BYTES);
        out.writeText(payload.device().label(), MAX_TEXT_BYTES);
        out.writeText(payload.device().address().orElse(""), MAX_TEXT_BYTES);
        out.writeText(payload.device().userAgent().orElse(""), MAX_TEXT_BYTES);
        out.writeLength(payload.attributes().size(), MAX_ATTRIBUTES);
        for (Map.Entry<String, String> entry : new TreeMap<>(payload.attributes()).entrySet()) {
            out.writeText(entry.getKey(), MAX_TEXT_BYTES);
            out.writeText(entry.getValue(), MAX_TEXT_BYTES);
        }
    }

    private static SessionPayload readContent(PayloadReader in) {
        String subject = in.readText(MAX_TEXT_BYTES);
        String foreignHandle = in.readText(MAX_TEXT_BYTES);
        String client = in.readText(MAX_TEXT_BYTES);
        DeviceInfo device = DeviceInfo.of(in.readText(MAX_TEXT_BYTES))
                .withAddress(in.readText(MAX_TEXT_BYTES))
                .withUserAgent(in.readText(MAX_TEXT_BYTES));
        int count = in.readLength(MAX_ATTRIBUTES);
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            attributes.put(in.readText(MAX_TEXT_BYTES), in.readText(MAX_TEXT_BYTES));
        }
        return new SessionPayload(subject, orNull(foreignHandle), orNull(client), device, attributes);
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
