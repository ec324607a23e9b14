package dev.curfew.atrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.crypto.PayloadEnvelope;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Evidence;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Seeds;
import dev.curfew.session.SenderKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadCodecTest {
    private static final SessionPayload FULL = new SessionPayload(
            "Zo\u00eb",
            "sid-1",
            "web",
            DeviceInfo.of("Firefox on Linux").withAddress("203.0.113.0/24").withUserAgent("Mozilla/5.0"),
            Map.of("b", "2", "a", ""));

    private static final Set<String> NO = Set.of();
    private static final SenderKey X5T = new SenderKey(SenderKey.Kind.X5T_S256, "_".repeat(42) + "8");
    private static final Evidence EPOCH_MINUS_1 = Evidence.at(Instant.EPOCH.minusMillis(1));

    private static final SessionExtras EXTRAS = new SessionExtras(
            new Evidence(Instant.parse("2026-03-01T10:00:00.500Z"), Optional.of("phr"), Set.of("pwd", "otp")),
            "Zo\u00eb's phone",
            Set.of("openid", "mail"),
            new SenderKey(SenderKey.Kind.JKT, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"),
            CredentialKind.REFRESH_TOKEN);

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

    /**
     * Written by hand from the description of version 3. A change of it is a new version, and this one stays readable.
     */
    private static final String EXTRAS_IN_VERSION_3 = "01" // evidence
            + "0000019ca8d72ef4" // 2026-03-01T10:00:00.500Z
            + "03" + "706872" // of the class phr
            + "02" + "03" + "6f7470" + "03" + "707764" // by otp and pwd
            + "0c" + "5a6fc3ab27732070686f6e65" // Zoë's phone
            + "02" + "04" + "6d61696c" + "06" + "6f70656e6964" // mail and openid
            + "01" + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" // jkt
            + "02"; // a refresh token

    @Test
    void version3_never_changes() {
        SessionPayload payload = FULL.with(EXTRAS);
        byte[] bytes = HexFormat.of()
                .parseHex("03" + HexFormat.of().formatHex(FULL_IN_VERSION_1).substring(2) + EXTRAS_IN_VERSION_3);

        assertThat(PayloadCodec.encode(payload)).isEqualTo(bytes);
        assertThat(PayloadCodec.decode(bytes)).isEqualTo(payload);
    }

    static Stream<Arguments> single_extras_in_version_3() {
        String x5t = "02" + "ff".repeat(32);
        return Stream.of(
                extras(
                        "01" + "ffffffffffffffff" + "0000" + "00" + "00" + "00" + "00",
                        EPOCH_MINUS_1,
                        null,
                        NO,
                        null,
                        null),
                extras("00" + "0161" + "00" + "00" + "00", null, "a", NO, null, null),
                extras("00" + "00" + "01" + "0161" + "00" + "00", null, null, Set.of("a"), null, null),
                extras("00" + "00" + "00" + x5t + "00", null, null, NO, X5T, null),
                extras("00" + "00" + "00" + "00" + "01", null, null, NO, null, CredentialKind.SESSION_TOKEN),
                extras("00" + "00" + "00" + "00" + "02", null, null, NO, null, CredentialKind.REFRESH_TOKEN));
    }

    @ParameterizedTest
    @MethodSource("single_extras_in_version_3")
    void version3_of_one_thing_more_than_version_1_never_changes(String hex, SessionExtras extras) {
        byte[] bytes = HexFormat.of()
                .parseHex("03" + "0173" + "00" + "00" + "0e556e6b6e6f776e20646576696365" + "000000" + hex);

        assertThat(PayloadCodec.encode(with(Map.of()).with(extras))).isEqualTo(bytes);
        assertThat(PayloadCodec.decode(bytes)).isEqualTo(with(Map.of()).with(extras));
    }

    /** So that nodes of earlier versions read what needs nothing of version 3. */
    @Test
    void a_payload_without_extras_is_written_in_version_1() {
        assertThat(PayloadCodec.encode(FULL.with(SessionExtras.NONE))).startsWith(0x01);
        assertThat(PayloadCodec.encode(FULL.with(new SessionExtras(null, null, NO, null, null))))
                .isEqualTo(FULL_IN_VERSION_1);
    }

    @Test
    void no_version_is_the_first_byte_of_an_envelope() {
        assertThat(PayloadEnvelope.isEnvelope(PayloadCodec.encode(FULL))).isFalse();
        assertThat(PayloadEnvelope.isEnvelope(PayloadCodec.encode(FULL.with(EXTRAS))))
                .isFalse();
    }

    @Test
    void the_most_that_a_session_may_have_comes_back() {
        Evidence evidence = new Evidence(
                Instant.ofEpochMilli(Long.MAX_VALUE), Optional.of("\u20ac".repeat(256)), texts("\u20ac", 32, 256));
        SessionExtras most = new SessionExtras(
                evidence, "\ud83d\ude00".repeat(64), texts("s", 100, 256), X5T, CredentialKind.SESSION_TOKEN);
        SessionPayload payload = with(Map.of()).with(most);

        assertThat(PayloadCodec.decode(PayloadCodec.encode(payload))).isEqualTo(payload);
    }

    @Test
    void extras_that_no_session_may_have_are_refused_before_they_are_written() {
        for (String text : List.of("secret\ud800", "\udc00secret", "secret".repeat(1 << 18))) {
            Evidence acr = new Evidence(Instant.EPOCH, Optional.of(text), NO);
            Evidence amr = new Evidence(Instant.EPOCH, Optional.empty(), Set.of(text));
            assertRefused(() -> new SessionExtras(acr, null, NO, null, null));
            assertRefused(() -> new SessionExtras(amr, null, NO, null, null));
            assertRefused(() -> new SessionExtras(null, text, NO, null, null));
            assertRefused(() -> new SessionExtras(null, null, Set.of(text), null, null));
        }
        assertRefused(() -> new SessionExtras(Evidence.at(Instant.MAX), null, NO, null, null));
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidIdentifierException.class)
                .message()
                .doesNotContain("secret");
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

    private static Arguments extras(
            String hex, Evidence evidence, String label, Set<String> scopes, SenderKey key, CredentialKind credential) {
        return Arguments.of(hex, new SessionExtras(evidence, label, scopes, key, credential));
    }

    /** So many texts of that length that differ. */
    private static Set<String> texts(String filler, int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> i + filler.repeat(length - String.valueOf(i).length()))
                .collect(Collectors.toSet());
    }

    private static SessionPayload payload(Random random) {
        Map<String, String> attributes = new HashMap<>();
        IntStream.range(0, random.nextInt(4)).forEach(i -> attributes.put(text(random), text(random)));
        return new SessionPayload(
                text(random) + "s",
                random.nextBoolean() ? null : text(random) + "f",
                random.nextBoolean() ? null : text(random) + "c",
                DeviceInfo.of(text(random)).withAddress(text(random)).withUserAgent(text(random)),
                attributes,
                extras(random));
    }

    private static SessionExtras extras(Random random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        Set<String> scopes = texts("s", random.nextInt(4), 3 + random.nextInt(200));
        Evidence evidence = new Evidence(
                Instant.ofEpochMilli(random.nextLong()),
                Optional.of("a" + random.nextInt()).filter(acr -> random.nextBoolean()),
                texts("\u20ac", random.nextInt(3), 3 + random.nextInt(100)));
        return new SessionExtras(
                random.nextBoolean() ? null : evidence,
                random.nextBoolean() ? null : Seeds.oneOf(random, "phone", "\ud83d\ude00".repeat(64), " x "),
                scopes,
                random.nextBoolean() ? null : SenderKey.of(Seeds.oneOf(random, SenderKey.Kind.values()), key),
                random.nextBoolean() ? null : Seeds.oneOf(random, CredentialKind.values()));
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
