package dev.curfew.atrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Seeds;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged bytes decode to something, or are undecodable; nothing else ever happens. */
class PayloadDamageTest {
    private static final byte[] BYTES = PayloadCodec.encode(new SessionPayload(
            "alice\u20ac",
            "sid-1",
            "web",
            DeviceInfo.of("Firefox on Linux").withAddress("203.0.113.0/24"),
            Map.of("a", "1", "b", "x".repeat(130))));

    @Test
    void every_truncation_is_undecodable() {
        for (int length = 0; length < BYTES.length; length++) {
            byte[] cut = Arrays.copyOf(BYTES, length);
            assertThatThrownBy(() -> PayloadCodec.decode(cut))
                    .as("%s bytes", length)
                    .isInstanceOf(UndecodablePayloadException.class);
        }
    }

    @Test
    void anything_behind_the_content_is_undecodable() {
        for (int next = 0; next < 256; next++) {
            byte[] longer = Arrays.copyOf(BYTES, BYTES.length + 1);
            longer[BYTES.length] = (byte) next;
            assertThatThrownBy(() -> PayloadCodec.decode(longer)).isInstanceOf(UndecodablePayloadException.class);
        }
    }

    @Test
    void every_mutation_of_one_byte_decodes_or_is_undecodable() {
        int decoded = 0;
        for (int at = 0; at < BYTES.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] mutant = BYTES.clone();
                mutant[at] = (byte) value;
                decoded += decodes(mutant) ? 1 : 0;
            }
        }
        assertThat(decoded).isBetween(BYTES.length, BYTES.length * 256 - 1);
    }

    @Test
    void random_bytes_decode_or_are_undecodable() {
        Seeds.forAll(5_000, 5_000, random -> {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = 1;
            }
            decodes(bytes);
            return 1;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 127, 128, 255})
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
