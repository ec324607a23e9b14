package dev.curfew.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.deliver.AddressRule.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each network of IANA's registries by its first and last address, and its neighbours. */
class AddressRuleTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, FORBIDDEN",
        "0.255.255.255, FORBIDDEN",
        "1.0.0.0, PUBLIC",
        "9.255.255.255, PUBLIC",
        "10.0.0.0, PRIVATE",
        "10.255.255.255, PRIVATE",
        "11.0.0.0, PUBLIC",
        "100.63.255.255, PUBLIC",
        "100.64.0.0, PRIVATE",
        "100.127.255.255, PRIVATE",
        "100.128.0.0, PUBLIC",
        "126.255.255.255, PUBLIC",
        "127.0.0.1, PRIVATE",
        "127.255.255.255, PRIVATE",
        "128.0.0.0, PUBLIC",
        "169.253.255.255, PUBLIC",
        "169.254.0.0, FORBIDDEN",
        "169.254.169.254, FORBIDDEN",
        "169.255.0.0, PUBLIC",
        "172.15.255.255, PUBLIC",
        "172.16.0.0, PRIVATE",
        "172.31.255.255, PRIVATE",
        "172.32.0.0, PUBLIC",
        "192.0.0.0, FORBIDDEN",
        "192.0.0.255, FORBIDDEN",
        "192.0.1.0, PUBLIC",
        "192.0.2.1, FORBIDDEN",
        "192.88.99.1, FORBIDDEN",
        "192.167.255.255, PUBLIC",
        "192.168.0.0, PRIVATE",
        "192.168.255.255, PRIVATE",
        "192.169.0.0, PUBLIC",
        "198.17.255.255, PUBLIC",
        "198.18.0.0, PRIVATE",
        "198.19.255.255, PRIVATE",
        "198.20.0.0, PUBLIC",
        "198.51.100.7, FORBIDDEN",
        "203.0.113.7, FORBIDDEN",
        "223.255.255.255, PUBLIC",
        "224.0.0.0, FORBIDDEN",
        "239.255.255.255, FORBIDDEN",
        "240.0.0.0, FORBIDDEN",
        "255.255.255.255, FORBIDDEN",
        "::, FORBIDDEN",
        "::1, PRIVATE",
        "::2, FORBIDDEN",
        "::7f00:1, FORBIDDEN",
        "::ffff:127.0.0.1, PRIVATE",
        "::ffff:169.254.169.254, FORBIDDEN",
        "::ffff:93.184.216.34, PUBLIC",
        "::ffff:0:127.0.0.1, PRIVATE",
        "::ffff:0:169.254.169.254, FORBIDDEN",
        "64:ff9b::127.0.0.1, PRIVATE",
        "64:ff9b::169.254.169.254, FORBIDDEN",
        "64:ff9b::93.184.216.34, PUBLIC",
        "64:ff9b:1::1, FORBIDDEN",
        "100::1, FORBIDDEN",
        "2001::1, FORBIDDEN",
        "2001:1ff:ffff::, FORBIDDEN",
        "2001:200::1, PUBLIC",
        "2001:db8::1, FORBIDDEN",
        "2002:7f00:1::, PRIVATE",
        "2002:a9fe:a9fe::1, FORBIDDEN",
        "2002:5db8:d822::1, PUBLIC",
        "2606:2800:220:1:248:1893:25c8:1946, PUBLIC",
        "3fff::1, FORBIDDEN",
        "3ffe:ffff::1, PUBLIC",
        "4000::, FORBIDDEN",
        "fbff::1, FORBIDDEN",
        "fc00::, PRIVATE",
        "fd00:ec2::254, PRIVATE",
        "fdff:ffff::, PRIVATE",
        "fe00::, FORBIDDEN",
        "fe80::1, FORBIDDEN",
        "febf::1, FORBIDDEN",
        "fec0::1, PRIVATE",
        "feff::1, PRIVATE",
        "ff00::, FORBIDDEN",
        "ff02::1, FORBIDDEN",
        "ffff::, FORBIDDEN"
    })
    void each_address_is_of_its_kind(String address, Kind kind) throws UnknownHostException {
        assertThat(AddressRule.kindOf(InetAddress.getByName(address))).isEqualTo(kind);
    }
}
