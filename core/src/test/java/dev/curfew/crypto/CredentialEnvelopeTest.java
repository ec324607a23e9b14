package dev.curfew.crypto;

import static dev.curfew.contract.TestKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.session.LookupKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CredentialEnvelopeTest {
    private static final LookupKey SESSION = new LookupKey(1, 2);
    private static final SecretHash SECRET = SecretHash.of("secret");
    private static final byte[] PLAIN = {1, 0, (byte) 0xFF, 7};

    private final CredentialEnvelope envelope = new CredentialEnvelope(KeyRing.of("2026", key(1)));

    @Test
    void a_credential_comes_back_where_it_was_sealed() {
        byte[] sealed = envelope.seal(SESSION, SECRET, PLAIN);

        assertThat(envelope.open(SESSION, SECRET, sealed)).isEqualTo(PLAIN);
        assertThat(CredentialEnvelope.isEnvelope(sealed)).isTrue();
        assertThat(CredentialEnvelope.isEnvelope(PLAIN)).isFalse();
        assertThat(CredentialEnvelope.keyId(sealed)).contains("2026");
        assertThat(envelope.isUnderCurrentKey(sealed)).isTrue();
        assertThat(sealed).hasSize(2 + 4 + 12 + PLAIN.length + 16);
    }

    @Test
    void a_credential_that_was_moved_to_another_row_does_not_open() {
        byte[] sealed = envelope.seal(SESSION, SECRET, PLAIN);

        assertDoesNotOpen(envelope, new LookupKey(1, 3), SECRET, sealed);
        assertDoesNotOpen(envelope, new LookupKey(2, 2), SECRET, sealed);
    }

    @Test
    void a_credential_does_not_open_beside_a_hash_that_was_planted() {
        byte[] sealed = envelope.seal(SESSION, SECRET, PLAIN);

        assertDoesNotOpen(envelope, SESSION, SecretHash.of("known to the thief"), sealed);
    }

    @Test
    void a_damaged_credential_does_not_open() {
        byte[] sealed = envelope.seal(SESSION, SECRET, PLAIN);
        for (int i = 0; i < sealed.length; i++) {
            byte[] damaged = sealed.clone();
            damaged[i] ^= 1;
            assertDoesNotOpen(envelope, SESSION, SECRET, damaged);
            assertDoesNotOpen(envelope, SESSION, SECRET, Arrays.copyOf(sealed, i));
        }
    }

    @Test
    void a_credential_of_a_key_that_is_not_here_names_it() {
        byte[] sealed = envelope.seal(SESSION, SECRET, PLAIN);

        assertThatThrownBy(() -> new CredentialEnvelope(KeyRing.of("2027", key(2))).open(SESSION, SECRET, sealed))
                .isInstanceOfSatisfying(
                        MissingKeyException.class, e -> assertThat(e.keyId()).isEqualTo("2026"));
        assertDoesNotOpen(new CredentialEnvelope(KeyRing.of("2026", key(2))), SESSION, SECRET, sealed);
    }

    @Test
    void a_payload_is_no_credential_although_the_key_is_the_same() {
        KeyRing ring = KeyRing.of("2026", key(1));
        byte[] payload = new PayloadEnvelope(ring).seal(SESSION, PLAIN);
        byte[] credential = envelope.seal(SESSION, SECRET, PLAIN);

        assertDoesNotOpen(envelope, SESSION, SECRET, payload);
        assertThatThrownBy(() -> new PayloadEnvelope(ring).open(SESSION, credential))
                .isInstanceOf(UndecodablePayloadException.class);
    }

    private static void assertDoesNotOpen(
            CredentialEnvelope envelope, LookupKey session, SecretHash secret, byte[] sealed) {
        assertThatThrownBy(() -> envelope.open(session, secret, sealed))
                .isInstanceOf(UndecodablePayloadException.class);
    }
}
