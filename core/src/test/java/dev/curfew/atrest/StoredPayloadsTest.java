package dev.curfew.atrest;

import static dev.curfew.contract.TestKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.crypto.KeyRing;
import dev.curfew.crypto.MissingKeyException;
import dev.curfew.crypto.PayloadEnvelope;
import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.LookupKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Payloads as they stand in a store: who can read them, and what nobody can do to them unnoticed. */
class StoredPayloadsTest {
    private static final LookupKey SESSION = new LookupKey(0x1111, 0x2222);
    private static final LookupKey OTHER_SESSION = new LookupKey(0x1111, 0x2223);
    private static final byte[] OLD_KEY = key(1);
    private static final byte[] NEW_KEY = key(2);
    private static final KeyRing OLD = KeyRing.of("old", OLD_KEY);
    private static final KeyRing NEW_READABLE =
            KeyRing.builder().current("old", OLD_KEY).readable("new", NEW_KEY).build();
    private static final KeyRing NEW_CURRENT =
            KeyRing.builder().current("new", NEW_KEY).readable("old", OLD_KEY).build();
    private static final KeyRing NEW_ONLY = KeyRing.of("new", NEW_KEY);
    private static final SessionPayload PAYLOAD =
            new SessionPayload("alice", null, "web", DeviceInfo.of("Firefox on Linux"), Map.of("country", "ES"));

    /** Made by another program from the description of the format: what stands in a store must be readable for ever. */
    private static final String IN_VERSION_2 =
            "02036f6c64000102030405060708090a0b041cba49e626312844ecd4a93dcb3fd902e2ce5f"
                    + "19d58ba33b5166d992b76a669037b7f18aa7e76125de6bdc980cdf6659eb9f304d48ef73664030";

    private final StoredPayloads plain = StoredPayloads.plain();
    private final StoredPayloads encrypted = StoredPayloads.encrypted(OLD);

    @Test
    void what_was_written_is_read() {
        for (StoredPayloads way : new StoredPayloads[] {plain, encrypted, StoredPayloads.migratingTo(OLD)}) {
            assertThat(way.read(SESSION, way.write(SESSION, PAYLOAD))).isEqualTo(PAYLOAD);
        }
    }

    @Test
    void the_format_of_version2_stays_readable() {
        assertThat(encrypted.read(SESSION, HexFormat.of().parseHex(IN_VERSION_2)))
                .isEqualTo(PAYLOAD);
    }

    @Test
    void the_envelope_begins_with_its_version_and_the_id_of_the_key_and_is_28_bytes_longer_than_these() {
        byte[] stored = encrypted.write(SESSION, PAYLOAD);

        assertThat(stored).startsWith(2, 3, 'o', 'l', 'd');
        assertThat(stored.length - plain.write(SESSION, PAYLOAD).length).isEqualTo(5 + 12 + 16);
    }

    @Test
    void nothing_of_the_payload_stands_in_the_envelope() {
        String stored = new String(encrypted.write(SESSION, PAYLOAD), StandardCharsets.ISO_8859_1);

        assertThat(stored).doesNotContain("alice", "web", "Firefox", "Linux", "country", "ES");
    }

    @Test
    void the_payloads_of_one_session_never_look_alike() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(seen.add(HexFormat.of().formatHex(encrypted.write(SESSION, PAYLOAD))))
                    .isTrue();
        }
    }

    @Test
    void in_another_row_it_does_not_open() {
        byte[] stored = encrypted.write(SESSION, PAYLOAD);

        assertThatThrownBy(() -> encrypted.read(OTHER_SESSION, stored))
                .isInstanceOf(UndecodablePayloadException.class)
                .hasMessageContaining("old");
    }

    @Test
    void no_bit_of_it_can_be_changed() {
        byte[] stored = encrypted.write(SESSION, PAYLOAD);
        for (int bit = 0; bit < stored.length * Byte.SIZE; bit++) {
            byte[] changed = stored.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThatThrownBy(() -> encrypted.read(SESSION, changed))
                    .as("bit %d", bit)
                    .isInstanceOf(UndecodablePayloadException.class);
        }
    }

    @Test
    void none_of_its_ends_can_be_cut_off_or_added() {
        byte[] stored = encrypted.write(SESSION, PAYLOAD);
        for (int length = 0; length < stored.length; length++) {
            byte[] cut = Arrays.copyOf(stored, length);
            assertThatThrownBy(() -> encrypted.read(SESSION, cut))
                    .as("length %d", length)
                    .isInstanceOf(UndecodablePayloadException.class);
        }
        byte[] longer = Arrays.copyOf(stored, stored.length + 1);
        assertThatThrownBy(() -> encrypted.read(SESSION, longer)).isInstanceOf(UndecodablePayloadException.class);
    }

    /** The same key under two ids: the id is authenticated by itself. */
    @Test
    void under_the_name_of_another_key_it_does_not_open() {
        KeyRing twins = KeyRing.builder()
                .current("old", OLD_KEY)
                .readable("odd", OLD_KEY)
                .build();
        byte[] stored = StoredPayloads.encrypted(twins).write(SESSION, PAYLOAD);
        stored[3] = 'd';

        assertThat(PayloadEnvelope.keyId(stored)).hasValue("odd");
        assertThatThrownBy(() -> StoredPayloads.encrypted(twins).read(SESSION, stored))
                .isInstanceOf(UndecodablePayloadException.class);
    }

    @Test
    void a_missing_key_is_named() {
        byte[] stored = encrypted.write(SESSION, PAYLOAD);

        for (StoredPayloads way : new StoredPayloads[] {plain, StoredPayloads.encrypted(NEW_ONLY)}) {
            assertThatExceptionOfType(MissingKeyException.class)
                    .isThrownBy(() -> way.read(SESSION, stored))
                    .satisfies(failure -> assertThat(failure.keyId()).isEqualTo("old"))
                    .withMessageContaining("old");
        }
    }

    @Test
    void an_id_that_is_none_is_not_repeated_in_the_message() {
        byte[] stored = encrypted.write(SESSION, PAYLOAD);
        stored[2] = '\n';

        assertThatThrownBy(() -> encrypted.read(SESSION, stored))
                .isInstanceOf(UndecodablePayloadException.class)
                .isNotInstanceOf(MissingKeyException.class)
                .hasMessage("encrypted session payload is damaged");
    }

    @Test
    void another_key_of_the_same_id_does_not_open_it_and_nothing_of_any_key_is_said() {
        byte[] stored = encrypted.write(SESSION, PAYLOAD);

        assertThatThrownBy(() ->
                        StoredPayloads.encrypted(KeyRing.of("old", NEW_KEY)).read(SESSION, stored))
                .isInstanceOf(UndecodablePayloadException.class)
                .isNotInstanceOf(MissingKeyException.class)
                .satisfies(failure -> assertThat(failure.toString())
                        .doesNotContain(HexFormat.of().formatHex(OLD_KEY, 0, 4))
                        .doesNotContain(HexFormat.of().formatHex(NEW_KEY, 0, 4)));
    }

    @Test
    void a_plain_payload_is_refused_unless_the_store_is_being_migrated() {
        byte[] stored = plain.write(SESSION, PAYLOAD);

        assertThatThrownBy(() -> encrypted.read(SESSION, stored))
                .isInstanceOf(UndecodablePayloadException.class)
                .hasMessageContaining("not encrypted");
        assertThat(StoredPayloads.migratingTo(OLD).read(SESSION, stored)).isEqualTo(PAYLOAD);
    }

    /** At no step of a rotation can a node meet what it cannot read, be it a step ahead or a step behind. */
    @Test
    void during_a_rotation_every_node_reads_what_its_neighbours_in_time_write() {
        KeyRing[] steps = {OLD, NEW_READABLE, NEW_CURRENT};
        for (int writer = 0; writer < steps.length; writer++) {
            for (int reader = Math.max(0, writer - 1); reader <= Math.min(steps.length - 1, writer + 1); reader++) {
                byte[] stored = StoredPayloads.encrypted(steps[writer]).write(SESSION, PAYLOAD);
                assertThat(StoredPayloads.encrypted(steps[reader]).read(SESSION, stored))
                        .isEqualTo(PAYLOAD);
            }
        }
    }

    @Test
    void only_what_the_current_key_encrypted_is_current() {
        StoredPayloads rotated = StoredPayloads.encrypted(NEW_CURRENT);

        assertThat(rotated.isCurrent(rotated.write(SESSION, PAYLOAD))).isTrue();
        assertThat(rotated.isCurrent(encrypted.write(SESSION, PAYLOAD))).isFalse();
        assertThat(rotated.isCurrent(plain.write(SESSION, PAYLOAD))).isFalse();
        assertThat(rotated.isCurrent(new byte[0])).isFalse();
        assertThat(plain.isCurrent(plain.write(SESSION, PAYLOAD))).isTrue();
    }

    @Test
    void rewriting_moves_a_payload_under_the_current_key() {
        StoredPayloads rotated = StoredPayloads.migratingTo(NEW_CURRENT);
        for (byte[] stored : new byte[][] {encrypted.write(SESSION, PAYLOAD), plain.write(SESSION, PAYLOAD)}) {
            byte[] next = rotated.rewrite(SESSION, stored);

            assertThat(rotated.isCurrent(next)).isTrue();
            assertThat(StoredPayloads.encrypted(NEW_ONLY).read(SESSION, next)).isEqualTo(PAYLOAD);
        }
    }

    @Test
    void rewriting_does_not_seal_what_nobody_can_read() {
        byte[] garbage = {99, 1, 2, 3};

        assertThatThrownBy(() -> StoredPayloads.migratingTo(OLD).rewrite(SESSION, garbage))
                .isInstanceOf(UndecodablePayloadException.class);
        assertThatThrownBy(() -> encrypted.rewrite(SESSION, plain.write(SESSION, PAYLOAD)))
                .isInstanceOf(UndecodablePayloadException.class);
    }
}
