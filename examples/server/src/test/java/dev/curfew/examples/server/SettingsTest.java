package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @Test
    void without_any_it_is_port8080_of_this_machine_only() {
        InetSocketAddress address = Settings.addressFrom(Map.of());
        assertThat(address.getPort()).isEqualTo(8080);
        assertThat(address.getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void port_and_host_can_be_said() {
        InetSocketAddress address = Settings.addressFrom(Map.of("PORT", "0", "HOST", "0.0.0.0"));
        assertThat(address.getPort()).isZero();
        assertThat(address.getAddress().isAnyLocalAddress()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "65536", "80 80", "99999999999"})
    void a_port_that_is_none_is_refused_in_a_sentence(String port) {
        assertThatThrownBy(() -> Settings.addressFrom(Map.of("PORT", port)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PORT must be a number from 0 to 65535 (0 picks a free port).");
    }
}
