package dev.curfew.atrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Seeds;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadCodecTest {
    private static final SessionPayload FULL = new SessionPayload(
            "Zo\u00eb",
            "sid-1",
            "web",
            DeviceInfo.of("Firefox on Linux").withAddress("203.0.113.0/24").withUserAgent("Mozilla/5.0"),
            Map.of("b", "2", "a", ""));

    /**
     * Written by hand from the description of version 1. A change of it is a new version, and this one stays readable.
     */
    private static final byte[] FULL_IN_VERSION_1 = HexFormat.of()
            .parseHex(
                    "01" // version
                            + "04" + "5a6fc3ab" // Zoë
                            + "05" + "7369642d31" // sid-1
                            + "03" + "776562" // web
                            + "10" + "46697265666f78206f6e204c696e7578" // Firefox on Linux
                            + "0e" + "3230332e302e3131332e302f3234" // 203.0.113.0/24
                            + "0b" + "4d6f7a696c6c612f352e30" // Mozilla/5.0
                            + "02" // two attributes
                            + "01" + "61" + "00" // a = (nothing)
                            + "01" + "62" + "01" + "32"); // b = 2

    @Test
    void version1_never_changes() {
        assertThat(PayloadCodec.encode(FULL)).isEqualTo(FULL_IN_VERSION_1);
        assertThat(PayloadCodec.decode(FULL_IN_VERSION_1)).isEqualTo(FULL);
    }

    @Test
    void version1_of_the_least_payload_never_changes() {
        SessionPayload least = new SessionPayload("s", null, null, DeviceInfo.unknown(), Map.of());
        byte[] bytes = HexFormat.of()
                .parseHex("01" + "0173" + "00" + "00" + "0e556e6b6e6f776e20646576696365" + "00" + "00" + "00");

        assertThat(PayloadCodec.encode(least)).isEqualTo(bytes);
        assertThat(PayloadCodec.decode(bytes)).isEqualTo(least);
    }

    @Test
    void long_texts_have_lengths_of_seven_bits_a_byte_the_low_ones_first() {
        SessionPayload payload = new SessionPayload("s".repeat(300), null, null, DeviceInfo.unknown(), Map.of());
        byte[] bytes = PayloadCodec.encode(payload);

        assertThat(bytes).startsWith(0x01, 0xAC, 0x02, 's');
        assertThat(PayloadCodec.decode(bytes)).isEqualTo(payload);
    }

    @Test
    void decode_what_was_encoded_is_the_same() {
        Seeds.forAll(1_000, 1_000, random -> {
            SessionPayload payload = payload(random);

            assertThat(PayloadCodec.decode(PayloadCodec.encode(payload))).isEqualTo(payload);
            return 1;
        });
    }

    @Test
    void decode_the_longest_identifiers_is_the_same() {
        String longest = "\u20ac".repeat(16_384);
        SessionPayload payload = new SessionPayload(longest, longest, longest, DeviceInfo.unknown(), Map.of());

        assertThat(PayloadCodec.decode(PayloadCodec.encode(payload))).isEqualTo(payload);
    }

    @Test
    void encode_does_not_depend_on_the_order_of_attributes() {
        Map<String, String> many = new HashMap<>();
        Map<String, String> reversed = new HashMap<>(4_096);
        IntStream.range(0, 200).forEach(i -> many.put("key-" + i, "value-" + i));
        IntStream.range(0, 200).map(i -> 199 - i).forEach(i -> reversed.put("key-" + i, "value-" + i));

        assertThat(PayloadCodec.encode(with(many))).isEqualTo(PayloadCodec.encode(with(reversed)));
    }

    @Test
    void encode_ill_formed_text_is_refused_without_showing_it() {
        assertThatThrownBy(() -> PayloadCodec.encode(with(Map.of("key", "secret\ud800"))))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("secret");
        assertThatThrownBy(() -> PayloadCodec.encode(with(Map.of("key\udc00", "value"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A row that no read can decode is worse than a refused insert. */
    @ParameterizedTest
    @ValueSource(ints = {131_072, 131_073, 1_000_000, 3_000_000})
    void encode_a_long_attribute_is_refused_or_can_be_decoded(int length) {
        assertRefusedOrReadable(with(Map.of("key", "x".repeat(length))));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_024, 1_025, 5_000})
    void encode_many_attributes_is_refused_or_can_be_decoded(int count) {
        Map<String, String> attributes = new HashMap<>();
        IntStream.range(0, count).forEach(i -> attributes.put("key-" + i, ""));

        assertRefusedOrReadable(with(attributes));
    }

    private static void assertRefusedOrReadable(SessionPayload payload) {
        byte[] bytes;
        try {
            bytes = PayloadCodec.encode(payload);
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(PayloadCodec.decode(bytes)).isEqualTo(payload);
    }

    private static SessionPayload with(Map<String, String> attributes) {
        return new SessionPayload("s", null, null, DeviceInfo.unknown(), attributes);
    }

    private static SessionPayload payload(Random random) {
        Map<String, String> attributes = new HashMap<>();
        IntStream.range(0, random.nextInt(4)).forEach(i -> attributes.put(text(random), text(random)));
        return new SessionPayload(
                text(random) + "s",
                random.nextBoolean() ? null : text(random) + "f",
                random.nextBoolean() ? null : text(random) + "c",
                DeviceInfo.of(text(random)).withAddress(text(random)).withUserAgent(text(random)),
                attributes);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(Seeds.oneOf(random, 4, 40, 400));
        for (int i = 0; i < length; i++) {
            text.append(
                    Seeds.oneOf(random, "a", "Z", " ", "\u0000", "\n", "\u00e9", "\u20ac", "\ud83d\ude00", "\u202e"));
        }
        return text.toString();
    }
}
