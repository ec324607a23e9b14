package dev.curfew.crypto;

import static dev.curfew.contract.TestKeys.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.LookupKey;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;

class RowKeysTest {
    @Test
    void each_row_has_a_key_of_its_own() throws Exception {
        byte[] given = key(1);
        SecretKey ofRing = KeyRing.of("old", given).find("old").orElseThrow();
        Set<String> keys = new HashSet<>();
        for (long i = 0; i < 1_000; i++) {
            keys.add(HexFormat.of()
                    .formatHex(
                            RowKeys.PAYLOAD.derive(ofRing, new LookupKey(i, 0)).getEncoded()));
        }
        assertThat(keys).hasSize(1_000).doesNotContain(HexFormat.of().formatHex(given));
    }
}
