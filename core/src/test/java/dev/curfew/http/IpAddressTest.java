package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Literals and nothing else are addresses. */
class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "203.0.113.7, 203.0.113.7",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "1::, 1:0:0:0:0:0:0:0",
        "2001:DB8::a:b, 2001:db8:0:0:0:0:a:b",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1::3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "64:ff9b::192.0.2.33, 64:ff9b:0:0:0:0:c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "::ffff:203.0.113.7, 203.0.113.7",
        "0:0:0:0:0:FFFF:cb00:7107, 203.0.113.7",
        "::1.2.3.4, 0:0:0:0:0:0:102:304",
        "fe80::1%eth0, fe80:0:0:0:0:0:0:1"
    })
    void every_spelling_of_an_address_is_the_same_address(String literal, String canonical) {
        assertThat(IpAddress.parse(literal)).map(IpAddress::toString).contains(canonical);
        assertThat(IpAddress.parse(literal)).isEqualTo(IpAddress.parse(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":",
                ":::",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.04",
                "1.2.3.",
                ".1.2.3",
                "1.2.3.-4",
                "1.2.3.+4",
                "0x7f.0.0.1",
                "2130706433",
                "1.2.3.4 ",
                "１.2.3.4",
                "localhost",
                "example.com",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1::2::3",
                "12345::",
                "g::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3",
                "::1.2.3.4:5",
                "1.2.3.4::",
                "1:",
                ":1",
                "::1:",
                "[::1]",
                "fe80%eth0",
                "%",
                "1.2.3.4%eth0",
                "::ffff:1.2.3.256",
                "2001:db8::٣"
            })
    void what_is_no_literal_is_no_address(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void an_endless_text_is_no_address() {
        assertThat(IpAddress.parse("1:".repeat(1_000_000))).isEmpty();
        assertThat(IpAddress.parse("::%" + "x".repeat(61))).isPresent();
        assertThat(IpAddress.parse("::%" + "x".repeat(62))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "::ffff:203.0.113.7, 203.0.113.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64",
        "2001:db8:1:2::, 2001:db8:1:2:0:0:0:0/64",
        "2001:db8:1:3::, 2001:db8:1:3:0:0:0:0/64"
    })
    void an_ipv6_customer_is_one_network(String literal, String network) {
        assertThat(IpAddress.parse(literal)).map(IpAddress::network).contains(network);
    }
}
