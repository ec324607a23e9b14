package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client's address is what trusted proxies say, and never what a client says. RAT-05. */
class TrustedProxiesTest {
    private static final String PROXY = "10.0.0.1";
    private static final String CLIENT = "203.0.113.7";
    private static final String EVIL = "6.6.6.6";

    private final TrustedProxies usual = TrustedProxies.readingXForwardedFor("10.0.0.0/8", "2001:db8:ffff::/48");
    private final TrustedProxies standard = TrustedProxies.readingForwarded("10.0.0.0/8", "2001:db8:ffff::/48");

    @Test
    void without_trusted_proxies_the_client_is_whoever_connected() {
        assertThat(TrustedProxies.none().clientAddress(CLIENT, List.of("for=" + EVIL)))
                .isEqualTo(CLIENT);
        assertThat(usual.clientAddress(CLIENT, List.of(EVIL))).isEqualTo(CLIENT);
        assertThat(standard.clientAddress("2001:db8::1", List.of("for=" + EVIL)))
                .isEqualTo("2001:db8::1");
        assertThat(usual.clientAddress("not an address", List.of(EVIL))).isEqualTo("not an address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.7                        | 203.0.113.7",
                "203.0.113.7:4711                   | 203.0.113.7",
                "2001:db8::1                        | 2001:db8:0:0:0:0:0:1",
                "[2001:db8::1]                      | 2001:db8:0:0:0:0:0:1",
                "[2001:db8::1]:4711                 | 2001:db8:0:0:0:0:0:1",
                "6.6.6.6, 203.0.113.7               | 203.0.113.7",
                "6.6.6.6, 203.0.113.7, 10.0.0.2     | 203.0.113.7",
                "203.0.113.7,2001:db8:ffff::2       | 203.0.113.7",
                "10.0.0.3, 10.0.0.2                 | 10.0.0.3",
                "6.6.6.6, 203.0.113.7,, ,           | 10.0.0.1",
                "6.6.6.6\", 203.0.113.7             | 203.0.113.7",
                "\"6.6.6.6, 203.0.113.7             | 203.0.113.7",
                "6.6.6.6, unknown                   | 10.0.0.1",
                "6.6.6.6, unknown, 10.0.0.2         | 10.0.0.2",
                "6.6.6.6, garbage                   | 10.0.0.1",
                "6.6.6.6, 203.0.113.7:              | 10.0.0.1",
                "6.6.6.6, 203.0.113.7:port          | 10.0.0.1",
                "6.6.6.6, 203.0.113.7:123456        | 10.0.0.1",
                "6.6.6.6, 203.0.113.7 4711          | 10.0.0.1",
                "6.6.6.6, \"203.0.113.7\"           | 10.0.0.1",
                "6.6.6.6, [203.0.113.7]             | 10.0.0.1",
                "6.6.6.6, [2001:db8::1              | 10.0.0.1",
                "6.6.6.6, [2001:db8::1]4711         | 10.0.0.1",
                "6.6.6.6, ]2001:db8::1[             | 10.0.0.1",
                "6.6.6.6, example.com               | 10.0.0.1",
                "6.6.6.6, 203.0.113.07              | 10.0.0.1",
                "for=6.6.6.6                        | 10.0.0.1",
                "''                                 | 10.0.0.1"
            })
    void x_forwarded_for_is_read_from_its_end_past_trusted_hops_only(String header, String client) {
        assertThat(usual.clientAddress(PROXY, List.of(header))).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=203.0.113.7                                     | 203.0.113.7",
                "For=203.0.113.7;proto=https;by=10.0.0.1             | 203.0.113.7",
                "proto=https ; FOR=\"203.0.113.7:4711\"              | 203.0.113.7",
                "for=\"[2001:db8::1]:4711\"                          | 2001:db8:0:0:0:0:0:1",
                "for=\"[2001:db8::1]\"                               | 2001:db8:0:0:0:0:0:1",
                "for=\"[2001:db8::1]:_port\"                         | 2001:db8:0:0:0:0:0:1",
                "for=203.0.113.7;host=\"a,b;for=6.6.6.6\"            | 203.0.113.7",
                "for=6.6.6.6, for=203.0.113.7, for=10.0.0.2          | 203.0.113.7",
                "for=6.6.6.6, for=203.0.113.7, for=\"[2001:db8:ffff::9]\" | 203.0.113.7",
                "for=\"6.6.6.6, for=203.0.113.7                      | 203.0.113.7",
                "x=\"a\\\", for=203.0.113.7                          | 203.0.113.7",
                "for=6.6.6.6, for=unknown                            | 10.0.0.1",
                "for=6.6.6.6, for=_hidden                            | 10.0.0.1",
                "for=6.6.6.6, for=\"_hidden:_port\"                  | 10.0.0.1",
                "for=6.6.6.6, for=unknown, for=10.0.0.2              | 10.0.0.2",
                "for=6.6.6.6, by=10.0.0.2                            | 10.0.0.1",
                "for=6.6.6.6, proto=https                            | 10.0.0.1",
                "for=6.6.6.6, for=203.0.113.7;for=203.0.113.8        | 10.0.0.1",
                "for=6.6.6.6, for=203.0.113.7;                       | 10.0.0.1",
                "for=6.6.6.6, for = 203.0.113.7                      | 10.0.0.1",
                "for=6.6.6.6, 203.0.113.7                            | 10.0.0.1",
                "for=6.6.6.6, for=\"203.0.113.7                      | 10.0.0.1",
                "for=6.6.6.6, for=203.0.113.7\"                      | 10.0.0.1",
                "for=6.6.6.6, for=\"203.0.113\\.7\"                  | 10.0.0.1",
                // A proxy that quotes what the client sent as its Host: nothing in it is an element.
                "for=203.0.113.7;host=\"a\\\", for=6.6.6.6;x=\\\"b\" | 10.0.0.1",
                "for=203.0.113.7;host=\"a\\\", for=6.6.6.6, x=\\\"b\"| 10.0.0.1",
                "for=203.0.113.7;host=\"a\\\";for=6.6.6.6;x=\\\"b\"  | 10.0.0.1"
            })
    void forwardedIsReadFromItsEndPastTrustedHopsOnly(String header, String client) {
        assertThat(standard.clientAddress(PROXY, List.of(header))).isEqualTo(client);
    }

    @Test
    void lines_are_one_list_whose_last_line_is_the_newest() {
        assertThat(usual.clientAddress(PROXY, List.of(EVIL, CLIENT + ", 10.0.0.3", "10.0.0.2")))
                .isEqualTo(CLIENT);
        assertThat(usual.clientAddress(PROXY, List.of())).isEqualTo(PROXY);
        assertThat(standard.clientAddress(PROXY, List.of("for=\"" + EVIL, "for=" + CLIENT)))
                .isEqualTo(CLIENT);
    }

    @Test
    void at_most32_hops_are_followed() {
        List<String> hops = new ArrayList<>(Collections.nCopies(31, "10.0.0.2"));
        hops.add(0, CLIENT);
        assertThat(usual.clientAddress(PROXY, List.of(String.join(",", hops)))).isEqualTo(CLIENT);
        hops.add("10.0.0.3");

        assertThat(usual.clientAddress(PROXY, List.of(String.join(",", hops)))).isEqualTo("10.0.0.2");
        assertThat(usual.clientAddress(PROXY, hops)).isEqualTo("10.0.0.2");
    }

    @RepeatedTest(20)
    void whatever_a_client_sends_the_proxys_word_stands(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        String alphabet = "for=,;\"\\[]:._610 x";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder sent = new StringBuilder();
            for (int length = random.nextInt(30); length > 0; length--) {
                sent.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(standard.clientAddress(PROXY, List.of(sent + ", for=" + CLIENT)))
                    .isEqualTo(CLIENT);
            assertThat(standard.clientAddress(PROXY, List.of(sent + "", "for=" + CLIENT)))
                    .isEqualTo(CLIENT);
            assertThat(usual.clientAddress(PROXY, List.of(sent + ", " + CLIENT)))
                    .isEqualTo(CLIENT);
            // Quoted by the proxy as RFC 9110 says, beside its own word: its word, or no word.
            String quoted = sent.toString().replace("\\", "\\\\").replace("\"", "\\\"");
            assertThat(standard.clientAddress(PROXY, List.of("for=" + CLIENT + ";host=\"" + quoted + '"')))
                    .isIn(CLIENT, PROXY);
        }
    }

    @Test
    @Timeout(20)
    void an_endless_header_takes_time_in_proportion() {
        for (String part : List.of(",", "\"", ";", "for=1.2.3.4,", "10.0.0.2,", "[", "\\\"", "for=\"", " ")) {
            String header = part.repeat(2_000_000 / part.length());
            assertThat(usual.clientAddress(PROXY, List.of(header))).isNotEqualTo(EVIL);
            assertThat(standard.clientAddress(PROXY, List.of(header))).isNotEqualTo(EVIL);
        }
    }

    @Test
    void only_the_configured_header_is_read() {
        EndpointRequest.Builder request = EndpointRequest.of("GET")
                .clientAddress(PROXY, usual)
                .header("Forwarded", "for=" + EVIL)
                .header("x-forwarded-for", EVIL)
                .header("X-FORWARDED-FOR", CLIENT);

        assertThat(request.build().clientAddress()).contains(CLIENT);
        assertThat(request.build().toBuilder().build().clientAddress()).contains(CLIENT);
        assertThat(request.clientAddress(PROXY, standard).build().clientAddress())
                .contains(EVIL);
        assertThat(request.clientAddress(PROXY).build().clientAddress()).contains(PROXY);
        assertThat(usual.headerName()).isEqualTo("X-Forwarded-For");
        assertThat(standard.headerName()).isEqualTo("Forwarded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.0/ 8",
                "10.0.0.0/1e1",
                "10.0.0.1/8",
                "0.0.0.0/0",
                "::/0",
                "2001:db8::/129",
                "2001:db8::1/64",
                "proxy.example.com",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0/٨",
                "10/8",
                "128.0.0.0/9999999999"
            })
    void a_network_that_is_none_is_refused(String network) {
        assertThatIllegalArgumentException().isThrownBy(() -> TrustedProxies.readingForwarded("10.0.0.0/8", network));
    }

    @Test
    void nobody_is_trusted_by_mistake() {
        assertThatIllegalArgumentException().isThrownBy(TrustedProxies::readingForwarded);
        assertThatIllegalArgumentException().isThrownBy(TrustedProxies::readingXForwardedFor);
        assertThatNullPointerException().isThrownBy(() -> usual.clientAddress(null, List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "128.0.0.0/1, 255.0.0.1, 127.255.255.255",
        "10.0.0.0/8, 10.255.255.255, 11.0.0.0",
        "10.0.0.0/8, 10.0.0.0, 9.255.255.255",
        "192.168.128.0/17, 192.168.255.1, 192.168.127.255",
        "192.0.2.8/31, 192.0.2.9, 192.0.2.10",
        "192.0.2.8, 192.0.2.8, 192.0.2.9",
        "10.0.0.0/8, ::ffff:10.1.2.3, ::10.1.2.3",
        "2001:db8::/33, 2001:db8:7fff::1, 2001:db8:8000::1",
        "2001:db8::1, 2001:DB8:0::1, 2001:db8::2",
        "a00::/8, a01::1, 10.0.0.1"
    })
    void a_network_holds_exactly_its_addresses(String network, String inside, String outside) {
        IpNetwork parsed = IpNetwork.parse(network);

        assertThat(parsed.contains(IpAddress.parse(inside).orElseThrow())).isTrue();
        assertThat(parsed.contains(IpAddress.parse(outside).orElseThrow())).isFalse();
    }

    @Test
    void the_limit_is_of_the_client_and_not_of_the_proxy() {
        Host host = Host.create();
        List<String> counted = new ArrayList<>();
        SessionEndpoints endpoints = host.endpoints()
                .rateLimiter((key, now) -> {
                    counted.add(key.caller());
                    return dev.curfew.ratelimit.RateLimitDecision.retryAfter(Duration.ofSeconds(1));
                })
                .build();

        EndpointResponse response = endpoints.logout(Host.post("bad")
                .header("X-Forwarded-For", EVIL + ", 2001:db8:1:2:3:4:5:6")
                .clientAddress(PROXY, usual)
                .build());

        assertThat(response.status()).isEqualTo(429);
        assertThat(counted).containsExactly("2001:db8:1:2:0:0:0:0/64");
    }

    @Test
    void an_empty_element_is_no_address_and_hides_none() {
        assertThat(usual.clientAddress(PROXY, List.of(EVIL + ", "))).isEqualTo(PROXY);
    }
}
