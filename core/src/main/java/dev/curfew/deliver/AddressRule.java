package dev.curfew.deliver;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where a request may go by the address of its receiver, whatever its name is (IANA's registries of special-purpose
 * addresses).
 *
 * <p>Of IPv6 only what is global unicast is public. An IPv4 address that is written inside an IPv6 one is judged as
 * what it is, since a gateway would take us there.
 */
final class AddressRule {
    /** What an address is, for this rule. */
    enum Kind {
        /** Anybody's. */
        PUBLIC,
        /** Of this machine or of a network of its own. */
        PRIVATE,
        /** Of nobody, of several, or of the link alone, where clouds answer with their credentials. */
        FORBIDDEN
    }

    /** A network, and what it is. Immutable. */
    private static final class Network {
        private final byte[] prefix;
        private final int bits;
        private final Kind kind;

        Network(byte[] prefix, int bits, Kind kind) {
            this.prefix = prefix;
            this.bits = bits;
            this.kind = kind;
        }

        boolean has(byte[] address) {
            int whole = bits / Byte.SIZE;
            int rest = bits % Byte.SIZE;
            return address.length == prefix.length
                    && Arrays.equals(address, 0, whole, prefix, 0, whole)
                    && (rest == 0 || ((address[whole] ^ prefix[whole]) & 0xFF) >>> (Byte.SIZE - rest) == 0);
        }

        Kind kind() {
            return kind;
        }
    }

    /** The first that has an address counts. */
    private static final List<Network> IPV4 = List.of(
            network("00000000", 8, Kind.FORBIDDEN), // this network; on many systems this machine
            network("0a000000", 8, Kind.PRIVATE), // RFC 1918
            network("64400000", 10, Kind.PRIVATE), // RFC 6598, shared behind a provider's NAT
            network("7f000000", 8, Kind.PRIVATE), // loopback
            network("a9fe0000", 16, Kind.FORBIDDEN), // link-local, and the metadata of clouds
            network("ac100000", 12, Kind.PRIVATE), // RFC 1918
            network("c0000000", 24, Kind.FORBIDDEN), // protocol assignments
            network("c0000200", 24, Kind.FORBIDDEN), // for documentation
            network("c0586300", 24, Kind.FORBIDDEN), // 6to4 relays
            network("c0a80000", 16, Kind.PRIVATE), // RFC 1918
            network("c6120000", 15, Kind.PRIVATE), // benchmarks
            network("c6336400", 24, Kind.FORBIDDEN), // for documentation
            network("cb007100", 24, Kind.FORBIDDEN), // for documentation
            network("e0000000", 4, Kind.FORBIDDEN), // multicast
            network("f0000000", 4, Kind.FORBIDDEN), // reserved, and broadcast
            network("00000000", 0, Kind.PUBLIC));

    private static final List<Network> IPV6 = List.of(
            network("00000000000000000000000000000001", 128, Kind.PRIVATE), // loopback
            network("fc000000000000000000000000000000", 7, Kind.PRIVATE), // unique local
            network("fec00000000000000000000000000000", 10, Kind.PRIVATE), // site-local, of old
            network("20010000000000000000000000000000", 23, Kind.FORBIDDEN), // protocol assignments, Teredo
            network("20010db8000000000000000000000000", 32, Kind.FORBIDDEN), // for documentation
            network("3fff0000000000000000000000000000", 20, Kind.FORBIDDEN), // for documentation
            network("20000000000000000000000000000000", 3, Kind.PUBLIC), // global unicast
            network("00000000000000000000000000000000", 0, Kind.FORBIDDEN)); // the rest: link-local, multicast, …

    /** IPv4 within IPv6: the prefix, and where the four bytes begin. */
    private record Embedding(Network network, int at) {}

    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(network("00000000000000000000ffff00000000", 96, Kind.PUBLIC), 12), // mapped
            new Embedding(network("0000000000000000ffff000000000000", 96, Kind.PUBLIC), 12), // translated
            new Embedding(network("0064ff9b000000000000000000000000", 96, Kind.PUBLIC), 12), // NAT64
            new Embedding(network("20020000000000000000000000000000", 16, Kind.PUBLIC), 2)); // 6to4

    private AddressRule() {}

    static Kind kindOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return kindOf(bytes, IPV4);
        }
        return embedded(bytes).map(inner -> kindOf(inner, IPV4)).orElseGet(() -> kindOf(bytes, IPV6));
    }

    private static Kind kindOf(byte[] address, List<Network> networks) {
        return networks.stream()
                .filter(network -> network.has(address))
                .findFirst()
                .map(Network::kind)
                .orElse(Kind.FORBIDDEN);
    }

    private static Optional<byte[]> embedded(byte[] address) {
        return EMBEDDINGS.stream()
                .filter(embedding -> embedding.network().has(address))
                .map(embedding -> Arrays.copyOfRange(address, embedding.at(), embedding.at() + Integer.BYTES))
                .findFirst();
    }

    private static Network network(String prefix, int bits, Kind kind) {
        return new Network(HexFormat.of().parseHex(prefix), bits, kind);
    }
}
