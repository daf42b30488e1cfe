package org.colleaguesearch.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are public, by IANA's registries of special-purpose IPv4 and IPv6 addresses (RFC 6890). IPv6
 * addresses that stand for an IPv4 address (mapped, 6to4, Teredo, NAT64) are not public: they could stand for any.
 */
final class PublicAddresses {
    private static final List<Block> NOT_PUBLIC_V4 = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            // Multicast, reserved and broadcast.
            "224.0.0.0/3");

    /** All allocated addresses; the rest is loopback, private, link-local, multicast, mapped, NAT64 and so on. */
    private static final Block GLOBAL_V6 = block("2000::/3");

    private static final List<Block> NOT_PUBLIC_V6 = blocks(
            // Protocol assignments, including Teredo.
            "2001::/23",
            "2001:db8::/32",
            // 6to4
            "2002::/16",
            "3fff::/20");

    private PublicAddresses() {}

    static boolean has(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? NOT_PUBLIC_V4.stream().noneMatch(block -> block.has(bytes))
                : GLOBAL_V6.has(bytes) && NOT_PUBLIC_V6.stream().noneMatch(block -> block.has(bytes));
    }

    private static List<Block> blocks(String... texts) {
        return Stream.of(texts).map(PublicAddresses::block).toList();
    }

    private static Block block(String text) {
        int slash = text.indexOf('/');
        try {
            return new Block(
                    InetAddress.getByName(text.substring(0, slash)).getAddress(),
                    Integer.parseInt(text.substring(slash + 1)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IP address: " + text, e);
        }
    }

    /** The addresses with the first {@code bits} bits of {@code first}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Block(byte[] first, int bits) {
        boolean has(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((first[bit / 8] & mask) != (address[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
