package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.store.PayloadCursor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The search itself, and what core hands to a store. */
class LeakProbeTest {
    private final LeakProbe leakProbe = new LeakProbe();
    private final InMemorySessionStore store = InMemorySessionStore.create();

    private byte[] payloads() {
        ByteArrayOutputStream dump = new ByteArrayOutputStream();
        store.payloads(PayloadCursor.start(), 100, Given.NOW)
                .payloads()
                .forEach(payload -> dump.writeBytes(payload.payload()));
        return dump.toByteArray();
    }

    @Test
    void plain_payloads_hold_all_that_is_personal_and_nothing_that_is_secret() {
        leakProbe.plantIn(store, builder -> builder);

        assertThat(leakProbe.personal()).hasSizeGreaterThan(8);
        assertThat(leakProbe.foundIn(payloads())).isEqualTo(leakProbe.personal());
    }

    @Test
    void encrypted_payloads_hold_nothing_of_it() {
        leakProbe.plantIn(store, builder -> builder.encryption(TestKeys.ring("k1")));

        assertThat(payloads()).hasSizeGreaterThan(500);
        assertThat(leakProbe.foundIn(payloads())).isEmpty();
    }

    @Test
    void every_spelling_is_found() {
        leakProbe.plantIn(store, builder -> builder);
        String text = leakProbe.personal().iterator().next();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);

        for (String dump : new String[] {
            "x" + text + "y",
            "\\x" + HexFormat.of().formatHex(utf8),
            HexFormat.of().withUpperCase().formatHex(utf8),
            Base64.getEncoder().encodeToString(utf8),
            Base64.getEncoder().encodeToString(("a" + text + "z").getBytes(StandardCharsets.UTF_8)),
            Base64.getUrlEncoder().encodeToString(("ab" + text + "yz").getBytes(StandardCharsets.UTF_8)),
        }) {
            assertThat(leakProbe.foundIn(dump.getBytes(StandardCharsets.UTF_8)))
                    .as(dump)
                    .containsExactly(text);
        }
        assertThat(leakProbe.foundIn(text.getBytes(StandardCharsets.UTF_16LE))).containsExactly(text);
        assertThat(leakProbe.foundIn(text.getBytes(StandardCharsets.UTF_16BE))).containsExactly(text);
        assertThat(leakProbe.foundIn("nothing".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }
}
