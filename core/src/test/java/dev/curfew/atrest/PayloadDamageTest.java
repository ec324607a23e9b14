package dev.curfew.atrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Evidence;
import dev.curfew.session.Seeds;
import dev.curfew.session.SenderKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged bytes decode to something, or are undecodable; nothing else ever happens. */
class PayloadDamageTest {
    private static final SessionPayload PAYLOAD = new SessionPayload(
            "alice\u20ac",
            "sid-1",
            "web",
            DeviceInfo.of("Firefox on Linux").withAddress("203.0.113.0/24"),
            Map.of("a", "1", "b", "x".repeat(130)));

    private static final byte[] BYTES = PayloadCodec.encode(PAYLOAD);

    private static final SessionExtras EXTRAS = new SessionExtras(
            new Evidence(Instant.ofEpochMilli(1_772_359_200_500L), Optional.of("phr"), Set.of("pwd", "otp")),
            "Zo\u00eb's phone",
            Set.of("openid", "mail"),
            SenderKey.of(SenderKey.Kind.JKT, new byte[32]),
            CredentialKind.REFRESH_TOKEN);

    private static final byte[] BYTES_OF_VERSION_3 = PayloadCodec.encode(PAYLOAD.with(EXTRAS));

    /** A subject of one letter, an unknown device and nothing else, as version 3 begins. */
    private static final String LEAST = "03" + "0173" + "0000" + "0e556e6b6e6f776e20646576696365" + "000000";

    static Stream<Named<byte[]>> versions() {
        return Stream.of(Named.of("version 1", BYTES), Named.of("version 3", BYTES_OF_VERSION_3));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void every_truncation_is_undecodable(byte[] bytes) {
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> PayloadCodec.decode(cut))
                    .as("%s bytes", length)
                    .isInstanceOf(UndecodablePayloadException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void anything_behind_the_content_is_undecodable(byte[] bytes) {
        for (int next = 0; next < 256; next++) {
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            longer[bytes.length] = (byte) next;
            assertThatThrownBy(() -> PayloadCodec.decode(longer)).isInstanceOf(UndecodablePayloadException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void every_mutation_of_one_byte_decodes_or_is_undecodable(byte[] bytes) {
        int decoded = 0;
        for (int at = 0; at < bytes.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] mutant = bytes.clone();
                mutant[at] = (byte) value;
                decoded += decodes(mutant) ? 1 : 0;
            }
        }
        assertThat(decoded).isBetween(bytes.length, bytes.length * 256 - 1);
    }

    /** The content of version 1 is right, so that the bytes behind it are reached. */
    @Test
    void random_extras_decode_or_are_undecodable() {
        byte[] least = HexFormat.of().parseHex(LEAST);
        Seeds.forAll(20_000, 20, random -> {
            byte[] bytes = Arrays.copyOf(least, least.length + random.nextInt(Seeds.oneOf(random, 8, 80)));
            for (int at = least.length; at < bytes.length; at++) {
                bytes[at] = (byte) (Seeds.percent(random, 60) ? 0 : random.nextInt(Seeds.oneOf(random, 4, 256)));
            }
            return decodes(bytes) ? 1 : 0;
        });
    }

    @Test
    void several_mutations_decode_or_are_undecodable() {
        Seeds.forAll(20_000, 20, random -> {
            byte[] bytes = BYTES_OF_VERSION_3.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            return decodes(bytes) ? 1 : 0;
        });
    }

    /** Each of them differs in one place from what decodes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "02" + "0000000000000000" + "0000" + "00" + "00" + "00" + "00", // unknown evidence
                "01" + "0000000000000000" + "02ed80" + "00" + "00" + "00" + "00" + "00", // a class that is not UTF-8
                "01" + "0000000000000000" + "8106" + "00" + "00" + "00" + "00" + "00", // a class of 769 bytes
                "01" + "0000000000000000" + "00" + "21" + "00" + "00" + "00" + "00", // 33 methods
                "01" + "0000000000000000" + "00" + "020161" + "0161" + "00" + "00" + "00" + "00", // one method twice
                "01" + "0000000000000000" + "00" + "0100" + "00" + "00" + "00" + "00", // a method without a name
                "00" + "03e280ae" + "00" + "00" + "00", // a label that turns its direction
                "00" + "0120" + "00" + "00" + "00", // a label that shows nothing
                "00" + "810261" + "00" + "00" + "00", // a label of 257 bytes
                "00" + "00" + "010161" + "03" + "00", // an unknown kind of key
                "00" + "00" + "01022061" + "00" + "00", // a scope with a blank
                "00" + "00" + "0100" + "00" + "00", // a scope without a name
                "00" + "00" + "0201610161" + "00" + "00", // one scope twice
                "00" + "00" + "65" + "00" + "00", // 101 scopes
                "00" + "00" + "00" + "00" + "03", // an unknown kind of credential
                "00" + "00" + "00" + "00" + "ff"
            })
    void impossible_extras_are_undecodable(String hex) {
        byte[] bytes = HexFormat.of().parseHex(LEAST + hex);

        assertThatThrownBy(() -> PayloadCodec.decode(bytes)).isInstanceOf(UndecodablePayloadException.class);
    }

    @Test
    void the_same_without_a_fault_decodes() {
        byte[] none = HexFormat.of().parseHex(LEAST + "00" + "00" + "00" + "00" + "00");
        byte[] some = HexFormat.of().parseHex(LEAST + "00" + "0161" + "010161" + "00" + "00");
        byte[] evidence =
                HexFormat.of().parseHex(LEAST + "01" + "0000000000000000" + "0000" + "00" + "00" + "00" + "00");

        assertThat(PayloadCodec.decode(none).extras()).isEqualTo(SessionExtras.NONE);
        assertThat(PayloadCodec.decode(some).extras()).isEqualTo(new SessionExtras(null, "a", Set.of("a"), null, null));
        assertThat(PayloadCodec.decode(evidence).extras())
                .isEqualTo(new SessionExtras(Evidence.at(Instant.EPOCH), null, Set.of(), null, null));
    }

    @Test
    void random_bytes_decode_or_are_undecodable() {
        Seeds.forAll(5_000, 5_000, random -> {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) (random.nextBoolean() ? 1 : 3);
            }
            decodes(bytes);
            return 1;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 127, 128, 255})
    void an_unknown_version_is_undecodable(int version) {
        byte[] bytes = BYTES.clone();
        bytes[0] = (byte) version;

        assertThatThrownBy(() -> PayloadCodec.decode(bytes))
                .isInstanceOf(UndecodablePayloadException.class)
                .hasMessage("session payload has an unknown version");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01ffffffff0f", // four gigabytes
                "01ffffff7f", // 256 megabytes
                "01818008", // one byte more than allowed
                "018080808000", // too many bytes for a length
                "0101730000000000" + "818001", // 16,385 attributes
                "0101ff0000000000", // not UTF-8
                "0103eda0800000000000" // a surrogate in UTF-8
            })
    void impossible_content_is_undecodable(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThatThrownBy(() -> PayloadCodec.decode(bytes)).isInstanceOf(UndecodablePayloadException.class);
    }

    @Test
    void the_failure_shows_nothing_of_the_content_and_is_no_outage() {
        byte[] cut = Arrays.copyOf(BYTES, BYTES.length - 1);

        assertThatThrownBy(() -> PayloadCodec.decode(cut))
                .isInstanceOfSatisfying(UndecodablePayloadException.class, failure -> {
                    assertThat(failure.getMessage()).doesNotContain("alice", "sid-1");
                    assertThat(failure.isRetryable()).isFalse();
                });
    }

    /** Anything but the one typed failure fails the test. */
    private static boolean decodes(byte[] bytes) {
        try {
            SessionPayload payload = PayloadCodec.decode(bytes);
            assertThat(PayloadCodec.decode(PayloadCodec.encode(payload))).isEqualTo(payload);
            return true;
        } catch (UndecodablePayloadException expected) {
            return false;
        }
    }
}
