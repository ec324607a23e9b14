package dev.curfew.crypto;

import static dev.curfew.contract.TestKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.atrest.SessionPayload;
import dev.curfew.atrest.StoredPayloads;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.LookupKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a ring takes, what it refuses, and what it shows. */
class KeyRingTest {
    @Test
    void one_key_writes_and_all_are_readable() {
        KeyRing ring = KeyRing.builder()
                .readable("2025", key(1))
                .current("2026", key(2))
                .readable("2027", key(3))
                .build();

        assertThat(ring.currentId()).isEqualTo("2026");
        assertThat(ring.ids()).containsExactlyInAnyOrder("2025", "2026", "2027");
        assertThat(KeyRing.of("only", key(1)).ids()).containsExactly("only");
    }

    @Test
    void a_ring_without_a_current_key_is_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> KeyRing.builder().readable("k1", key(1)).build())
                .withMessageContaining("current(...)");
    }

    @Test
    void a_second_current_key_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyRing.builder().current("k1", key(1)).current("k2", key(2)))
                .withMessageContaining("k1");
    }

    @Test
    void an_id_that_is_there_twice_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyRing.builder().current("k1", key(1)).readable("k1", key(2)))
                .withMessageContaining("k1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33, 64})
    void a_key_of_another_size_is_refused(int bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyRing.of("k1", new byte[bytes]))
                .withMessage("key k1 has " + bytes + " bytes, and must have 32: generate one, as by:"
                        + " openssl rand -base64 32, then decode it");
    }

    @Test
    void a_key_that_nobody_generated_is_refused() {
        byte[] typed = "MySuperLongKeyForSessionsAtRest!".getBytes(StandardCharsets.US_ASCII);
        for (byte[] key : List.of(new byte[KeyRing.KEY_BYTES], typed)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyRing.of("k1", key))
                    .withMessageStartingWith("key k1 is guessable (")
                    .withMessageEndingWith("openssl rand -base64 32");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyRing.builder().current("k0", key(1)).readable("k1", key));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Sealer.withKey(key))
                    .withMessageStartingWith("sealing key is guessable (");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12345678901234567", "with space", "line\n", "clé", "a/b", "a:b"})
    void an_id_that_is_none_is_refused(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyRing.of(id, key(1)))
                .withMessageStartingWith("a key id must match");
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "2026-03", "A.b_c-9", "1234567890123456"})
    void an_id_of_up_to16_characters_is_taken(String id) {
        assertThat(KeyRing.of(id, key(1)).currentId()).isEqualTo(id);
    }

    @Test
    void the_callers_array_may_be_wiped_afterwards() {
        byte[] mine = key(7);
        KeyRing ring = KeyRing.of("k1", mine);
        Arrays.fill(mine, (byte) 0);
        LookupKey session = new LookupKey(1, 2);
        SessionPayload payload = new SessionPayload("alice", null, null, DeviceInfo.unknown(), Map.of());

        byte[] stored = StoredPayloads.encrypted(ring).write(session, payload);

        assertThat(StoredPayloads.encrypted(KeyRing.of("k1", key(7))).read(session, stored))
                .isEqualTo(payload);
    }

    @Test
    void its_text_shows_ids_only() {
        assertThat(KeyRing.builder()
                        .current("k1", key(0x41))
                        .readable("k2", key(0x42))
                        .build())
                .hasToString("KeyRing[current k1, readable [k1, k2]]");
    }
}
