package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OriginsTest {
    @Test
    void this_machine_only_is_known_by_both_of_its_names() {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

        assertThat(Origins.of(loopback, 8080))
                .containsExactlyInAnyOrder("http://localhost:8080", "http://127.0.0.1:8080");
    }

    @Test
    void a_host_is_known_by_the_name_that_was_said() throws UnknownHostException {
        assertThat(Origins.of(named("demo.example"), 80)).contains("http://demo.example:80");
    }

    @Test
    void what_cannot_stand_in_the_address_of_a_page_is_left_out() throws UnknownHostException {
        assertThat(Origins.of(named("demo_server"), 80)).hasSize(2);
        assertThat(Origins.of(new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 0), 80))
                .hasSize(2);
    }

    @Test
    void listening_on_all_addresses_it_is_known_by_each_of_them() throws Exception {
        List<String> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .map(address -> "http://" + address.getHostAddress() + ":8080")
                .toList();

        assertThat(Origins.of(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0), 8080))
                .contains("http://localhost:8080")
                .containsAll(own);
    }

    /** Asks no DNS. */
    private static InetSocketAddress named(String name) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(name, new byte[] {(byte) 192, 0, 2, 1}), 0);
    }
}
