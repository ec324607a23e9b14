package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoarseAddressTest {
    /** Texts that are no address literal, although some look like one. */
    private static final List<String> NAMES = List.of(
            "localhost",
            "internal.example",
            "cafe",
            "999.1.1.1",
            "256.0.0.1",
            "1.2.3.999",
            ".:1",
            "..:1",
            "1.2.3",
            "0x7f.1",
            "2130706433",
            "[::1]");

    @ParameterizedTest
    @CsvSource({
        "203.0.113.77,                  203.0.113.0/24",
        "10.1.2.3,                      10.1.2.0/24",
        "255.255.255.255,               255.255.255.0/24",
        "0.0.0.0,                       0.0.0.0/24",
        "2001:db8:abcd:12:1:2:3:4,      2001:db8:abcd::/48",
        "2001:DB8:ABCD::1,              2001:db8:abcd::/48",
        "2001:db8::1,                   2001:db8::/48",
        "::ffff:203.0.113.77,           203.0.113.0/24",
        "2001:db8:abcd::203.0.113.77,   2001:db8:abcd::/48",
        "fe80::1,                       fe80::/48",
    })
    void of_a_literal_is_its_network(String literal, String network) {
        assertThat(CoarseAddress.of(literal)).isEqualTo(network);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "203.0.113.77 ", "203.0.113.77:443", "[2001:db8::1]", "[2001:db8::1]:443", "fe80::1%eth0",
                        "203.0.113",
                "1.2.3.4.5", "::g", ":::", "1:2:3:4:5:6:7:8:9", "unknown", "_hidden", "203.0.113.77, 10.0.0.1",
                        "\u0661.1.1.1",
                "1.1.1.1\n", "/203.0.113.77", "http://203.0.113.77"
            })
    void of_anything_else_is_nothing(String text) {
        assertThat(CoarseAddress.of(text)).isEmpty();
    }

    /** In a Java of its own, whose every look-up of a name would be answered from a file. */
    @Test
    void of_a_text_that_is_no_literal_is_never_looked_up(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path hosts = folder.resolve("hosts");
        Files.write(hosts, NAMES.stream().map(name -> "10.9.8.7 " + name).toList());
        Path output = folder.resolve("output");

        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        classPath(),
                        Resolved.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(java.waitFor()).as(() -> read(output)).isZero();
        assertThat(read(output).lines()).containsExactly("control 10.9.8.7");
    }

    /** Prints what is resolved to an address: a control, and each name for which there should have been no look-up. */
    static final class Resolved {
        private Resolved() {}

        public static void main(String[] arguments) throws IOException {
            String control = InetAddress.getAllByName("internal.example")[0].getHostAddress();
            System.out.println("control " + control);
            for (String name : NAMES) {
                String address = CoarseAddress.of(name);
                if (!address.isEmpty()) {
                    System.out.println(name + " -> " + address);
                }
            }
        }
    }

    private static String classPath() {
        return System.getProperty("java.class.path")
                + System.getProperty("path.separator")
                + location(CoarseAddress.class)
                + System.getProperty("path.separator")
                + location(Resolved.class)
                + System.getProperty("path.separator")
                + location(Assertions.class);
    }

    private static String location(Class<?> type) {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
