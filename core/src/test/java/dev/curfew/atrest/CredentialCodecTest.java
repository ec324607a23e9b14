package dev.curfew.atrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.KeyRing;
import dev.curfew.crypto.MissingKeyException;
import dev.curfew.crypto.SecretHash;
import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands beside the hash of a secret, as bytes. */
class CredentialCodecTest {
    private static final LookupKey SESSION = new LookupKey(1, 2);
    private static final SecretHash SECRET = hash(1);
    private static final SecretHash FAMILY = hash(2);
    private static final SecretHash PREVIOUS = hash(3);
    private static final Instant AT = Instant.ofEpochMilli(0x0102_0304_0506L);
    private static final RetryRule KEYED = RetryRule.sameAttempt().orSiblings(Duration.ofSeconds(10));
    private static final RetryRule KEYLESS = RetryRule.anyHolder(Duration.ofSeconds(60));

    private static SecretHash hash(int fill) {
        return SecretHash.stored(bytes(32, fill));
    }

    private static byte[] bytes(int size, int fill) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) fill);
        return bytes;
    }

    private static CredentialState largest() {
        return new CredentialState(
                CredentialKind.REFRESH_TOKEN,
                FAMILY,
                KEYLESS,
                7,
                LastExchange.of(PREVIOUS, AT, KEYED)
                        .withSalt(bytes(32, 4))
                        .withAttemptTag(bytes(8, 5))
                        .asRenewal());
    }

    static Stream<CredentialState> states() {
        CredentialState first = new CredentialState(CredentialKind.SESSION_TOKEN, null, null, 0, null);
        return Stream.of(
                first,
                new CredentialState(CredentialKind.REFRESH_TOKEN, FAMILY, null, 0, null),
                new CredentialState(CredentialKind.REFRESH_TOKEN, FAMILY, KEYLESS, 0, null),
                first.after(LastExchange.of(PREVIOUS, AT, RetryRule.strict())),
                first.after(LastExchange.of(PREVIOUS, AT, RetryRule.strict()).asRenewal()),
                largest(),
                new CredentialState(
                        CredentialKind.REFRESH_TOKEN,
                        FAMILY,
                        null,
                        Integer.MAX_VALUE,
                        LastExchange.of(PREVIOUS, Instant.ofEpochMilli(-1), KEYED)
                                .withSalt(bytes(32, 0))));
    }

    @ParameterizedTest
    @MethodSource("states")
    void what_is_written_is_read_back(CredentialState state) {
        CredentialState read = CredentialCodec.decode(CredentialCodec.encode(state));

        assertThat(read.kind()).isEqualTo(state.kind());
        assertThat(read.family()).isEqualTo(state.family());
        assertThat(read.keyless()).isEqualTo(state.keyless());
        assertThat(read.generation()).isEqualTo(state.generation());
        assertThat(read.last()).usingRecursiveComparison().isEqualTo(state.last());
    }

    /** The form is what rows of earlier releases have: it never changes under this version. */
    @Test
    void the_bytes_of_version_1_never_change() {
        String rule = "01" + "0036ee80" + "00002710";
        assertThat(CredentialCodec.encode(largest()))
                .asHexString()
                .isEqualToIgnoringCase("01" + "02" + "3f" + "00000007" + "02".repeat(32) + "02" + "0000ea60"
                        + "00000000" + "03".repeat(32) + "0000010203040506" + rule + "04".repeat(32) + "05".repeat(8));
        assertThat(CredentialCodec.encode(new CredentialState(CredentialKind.SESSION_TOKEN, null, null, 0, null)))
                .isEqualTo(HexFormat.of().parseHex("01010000000000"));
    }

    @ParameterizedTest
    @MethodSource("states")
    void a_credential_that_was_cut_or_lengthened_is_undecodable(CredentialState state) {
        byte[] bytes = CredentialCodec.encode(state);
        for (int i = 0; i < bytes.length; i++) {
            assertUndecodable(Arrays.copyOf(bytes, i));
        }
        assertUndecodable(Arrays.copyOf(bytes, bytes.length + 1));
    }

    @Test
    void damage_is_undecodable_or_another_state_and_never_a_bare_exception() {
        Random random = new Random(20_260_711);
        byte[] bytes = CredentialCodec.encode(largest());
        for (int i = 0; i < 100_000; i++) {
            byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length + 2));
            for (int n = random.nextInt(4); n >= 0 && damaged.length > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(CredentialCodec.encode(CredentialCodec.decode(damaged)))
                        .isEqualTo(damaged);
            } catch (UndecodablePayloadException e) {
                assertThat(e).hasMessageContaining("credential");
            }
        }
    }

    @Test
    void the_generation_does_not_turn_round() {
        CredentialState last = new CredentialState(
                CredentialKind.SESSION_TOKEN,
                null,
                null,
                Integer.MAX_VALUE,
                LastExchange.of(PREVIOUS, AT, RetryRule.strict()));

        assertThat(last.after(LastExchange.of(SECRET, AT, RetryRule.strict())).generation())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void the_largest_credential_fits_with_the_longest_id_of_a_key() {
        KeyRing ring = KeyRing.of("k".repeat(KeyRing.MAX_ID_LENGTH), TestKeys.key(1));
        StoredCredentials encrypted = StoredPayloads.encrypted(ring).credentials();

        byte[] stored = encrypted.write(SESSION, SECRET, largest());

        assertThat(stored)
                .hasSizeLessThanOrEqualTo(StoredSession.MAX_CREDENTIAL)
                .hasSize(183);
        assertThat(encrypted.read(SESSION, SECRET, stored).generation()).isEqualTo(7);
    }

    @Test
    void who_encrypts_reads_plain_credentials_only_while_the_store_is_migrated() {
        KeyRing ring = KeyRing.of("2026", TestKeys.key(1));
        byte[] plain = StoredPayloads.plain().credentials().write(SESSION, SECRET, largest());

        assertThat(StoredPayloads.migratingTo(ring)
                        .credentials()
                        .read(SESSION, SECRET, plain)
                        .kind())
                .isEqualTo(CredentialKind.REFRESH_TOKEN);
        assertThatExceptionOfType(UndecodablePayloadException.class)
                .isThrownBy(() -> StoredPayloads.encrypted(ring).credentials().read(SESSION, SECRET, plain));
    }

    @Test
    void who_does_not_encrypt_names_the_key_that_is_missing() {
        KeyRing ring = KeyRing.of("2026", TestKeys.key(1));
        byte[] stored = StoredPayloads.encrypted(ring).credentials().write(SESSION, SECRET, largest());

        assertThatExceptionOfType(MissingKeyException.class)
                .isThrownBy(() -> StoredPayloads.plain().credentials().read(SESSION, SECRET, stored))
                .satisfies(e -> assertThat(e.keyId()).isEqualTo("2026"));
        assertThatExceptionOfType(UndecodablePayloadException.class)
                .isThrownBy(() -> StoredPayloads.encrypted(ring).credentials().read(SESSION, PREVIOUS, stored));
        assertUndecodable(new byte[0]);
    }

    private static void assertUndecodable(byte[] bytes) {
        assertThatExceptionOfType(UndecodablePayloadException.class).isThrownBy(() -> CredentialCodec.decode(bytes));
    }
}
