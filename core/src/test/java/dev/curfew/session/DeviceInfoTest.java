package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceInfoTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000", "\n", "\r", "\t", "\u001b", "\u007f", "\u0085", "\u009b", "\u00ad", "\u200b", "\u200e",
                "\u200f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff", "\ud800", "\udc00",
                "\uffff"
            })
    void what_cannot_be_shown_everywhere_is_replaced(String bad) {
        assertThat(DeviceInfo.of("a" + bad + "b").label()).isEqualTo("a\ufffdb");
        assertThat(DeviceInfo.unknown().withAddress("a" + bad + "b").address()).contains("a\ufffdb");
        assertThat(DeviceInfo.unknown().withUserAgent("a" + bad + "b").userAgent())
                .contains("a\ufffdb");
    }

    @Test
    void what_can_be_shown_is_kept() {
        String label = "Zoë's 电脑 \ud83d\ude00 <b>&amp;'\"";

        assertThat(DeviceInfo.of(label).label()).isEqualTo(label);
    }

    @Test
    void of_nothing_to_show_is_an_unknown_device() {
        assertThat(DeviceInfo.of("")).isEqualTo(DeviceInfo.unknown());
        assertThat(DeviceInfo.of("  \u3000 ")).isEqualTo(DeviceInfo.unknown());
        assertThat(DeviceInfo.unknown().label()).isEqualTo("Unknown device");
    }

    @Test
    void of_surrounding_space_is_stripped() {
        assertThat(DeviceInfo.of("  my phone ").label()).isEqualTo("my phone");
    }

    @Test
    void each_text_is_cut_to_its_length() {
        DeviceInfo device =
                DeviceInfo.of("l".repeat(5_000)).withAddress("a".repeat(5_000)).withUserAgent("u".repeat(5_000));

        assertThat(device.label()).isEqualTo("l".repeat(120));
        assertThat(device.address()).contains("a".repeat(64));
        assertThat(device.userAgent()).contains("u".repeat(512));
        assertThat(DeviceInfo.of("l".repeat(120)).label()).hasSize(120);
    }

    @Test
    void a_surrogate_pair_is_never_cut_in_two() {
        String pair = "\ud83d\ude00";

        assertThat(DeviceInfo.of("x".repeat(119) + pair).label()).isEqualTo("x".repeat(119));
        assertThat(DeviceInfo.of("x".repeat(118) + pair + "y").label()).isEqualTo("x".repeat(118) + pair);
        assertThat(DeviceInfo.of("x".repeat(119) + pair + "y").label())
                .as("nothing behind the cut")
                .isEqualTo("x".repeat(119));
    }

    @Test
    void cleaning_twice_is_cleaning_once() {
        Seeds.forAll(500, 500, random -> {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(200);
            for (int i = 0; i < length; i++) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x10000) : ' ' + random.nextInt(90)));
            }
            DeviceInfo once = DeviceInfo.of(text.toString()).withUserAgent(text.toString());

            assertThat(DeviceInfo.of(once.label())
                            .withUserAgent(once.userAgent().orElse("")))
                    .isEqualTo(once);
            assertThat(once.label()).isNotBlank().doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029]");
            assertThat(once.label().length()).isLessThanOrEqualTo(120);
            return 1;
        });
    }

    @Test
    void from_request_keeps_neither_the_user_agent_nor_the_whole_address() {
        DeviceInfo device = DeviceInfo.fromRequest(
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "203.0.113.77");

        assertThat(device.label()).isEqualTo("Firefox on Linux");
        assertThat(device.address()).contains("203.0.113.0/24");
        assertThat(device.userAgent()).isEmpty();
    }

    @Test
    void from_request_nothing_known_is_an_unknown_device() {
        assertThat(DeviceInfo.fromRequest("", "")).isEqualTo(DeviceInfo.unknown());
        assertThat(DeviceInfo.fromRequest("\r\nSet-Cookie: x=1", "proxy.example"))
                .isEqualTo(DeviceInfo.unknown());
    }

    @Test
    void with_address_an_empty_text_removes_it() {
        DeviceInfo device = DeviceInfo.of("phone").withAddress("10.0.0.1").withUserAgent("agent");

        assertThat(device.withAddress("").address()).isEmpty();
        assertThat(device.withUserAgent("").userAgent()).isEmpty();
        assertThat(device.withAddress("").userAgent()).contains("agent");
        assertThat(device.withUserAgent("").address()).contains("10.0.0.1");
    }

    @Test
    void devices_are_equal_by_all_their_texts() {
        DeviceInfo device = DeviceInfo.of("phone").withAddress("10.0.0.1").withUserAgent("agent");

        assertThat(device)
                .isEqualTo(DeviceInfo.of("phone").withUserAgent("agent").withAddress("10.0.0.1"))
                .isNotEqualTo(device.withAddress("10.0.0.2"))
                .isNotEqualTo(device.withUserAgent("other"))
                .isNotEqualTo(DeviceInfo.of("tablet").withAddress("10.0.0.1").withUserAgent("agent"));
    }
}
