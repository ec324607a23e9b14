package dev.curfew.atrest;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectEncrypter;
import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.KeyRing;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.LookupKey;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Why the envelope is one of our own: the bytes that each stored session takes, beside a JWE, printed with rough times.
 */
class EnvelopeSizeTest {
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 20_000;
    private static final byte[] KEY = TestKeys.key(1);
    private static final LookupKey SESSION = new LookupKey(1, 2);
    private static final SessionPayload TYPICAL = new SessionPayload(
            "user-4711",
            null,
            null,
            DeviceInfo.of("Chrome 141 on Windows").withAddress("203.0.113.0/24"),
            Map.of("country", "ES", "amr", "pwd otp"));

    @Test
    void the_envelope_is_much_smaller_than_a_jwe() throws Exception {
        byte[] plain = PayloadCodec.encode(TYPICAL);
        int ours = StoredPayloads.encrypted(KeyRing.of("2026", KEY)).write(SESSION, TYPICAL).length;
        JWEObject jwe = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                        .keyID("2026")
                        .build(),
                new Payload(plain));
        jwe.encrypt(new DirectEncrypter(KEY));
        int theirs = jwe.serialize().getBytes(StandardCharsets.US_ASCII).length;

        System.out.printf(
                "a typical payload: %d bytes plain, %d in the envelope (+%d), %d as a compact JWE (+%d)%n",
                plain.length, ours, ours - plain.length, theirs, theirs - plain.length);
        assertThat(ours - plain.length).isEqualTo(2 + 4 + 12 + 16);
        assertThat(theirs - plain.length).isGreaterThan(3 * (ours - plain.length));
    }

    @Test
    void writing_and_reading_take_microseconds() {
        StoredPayloads encrypted = StoredPayloads.encrypted(KeyRing.of("2026", KEY));
        StoredPayloads plain = StoredPayloads.plain();
        time(plain, WARM_UP);
        time(encrypted, WARM_UP);

        long[] without = time(plain, ROUNDS);
        long[] with = time(encrypted, ROUNDS);

        System.out.printf(
                "encryption at rest: write %.1f us (plain %.1f), read %.1f us (plain %.1f)%n",
                with[0] / 1e3, without[0] / 1e3, with[1] / 1e3, without[1] / 1e3);
        // A bound for machines that are busy with other things: a store call takes longer.
        assertThat(with[0]).isLessThan(1_000_000);
        assertThat(with[1]).isLessThan(1_000_000);
    }

    /** Nanoseconds for a write and for a read. */
    private static long[] time(StoredPayloads payloads, int rounds) {
        byte[] stored = payloads.write(SESSION, TYPICAL);
        long start = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            stored = payloads.write(SESSION, TYPICAL);
        }
        long between = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            assertThat(payloads.read(SESSION, stored).attributes()).hasSize(2);
        }
        return new long[] {(between - start) / rounds, (System.nanoTime() - between) / rounds};
    }
}
