package dev.curfew.token;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Other texts that some library or other takes for the same token. */
final class Respellings {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private Respellings() {}

    static List<String> all(String token) {
        List<String> all = new ArrayList<>(strayTrailingBits(token));
        String[] parts = token.split("\\.", -1);
        for (int part = 0; part < 3; part++) {
            for (String pad : List.of("=", "==", "===", "A", "AA", "AAAA")) {
                all.add(with(parts, part, parts[part] + pad));
            }
            for (String space : List.of(" ", "\n", "\r\n", "\t", "\0", "\u00A0", "\uFEFF", "\u200B")) {
                all.add(with(parts, part, parts[part] + space));
                all.add(with(parts, part, space + parts[part]));
                int middle = parts[part].length() / 2;
                all.add(with(parts, part, parts[part].substring(0, middle) + space + parts[part].substring(middle)));
            }
            all.add(with(parts, part, parts[part].replace('-', '+').replace('_', '/') + "="));
            all.add(with(parts, part, parts[part].replaceFirst("e", "%65")));
            all.add(with(parts, part, "\"" + parts[part] + "\""));
        }
        all.add("{\"protected\":\"" + parts[0] + "\",\"payload\":\"" + parts[1] + "\",\"signature\":\"" + parts[2]
                + "\"}");
        all.add("{\"payload\":\"" + parts[1] + "\",\"signatures\":[{\"protected\":\"" + parts[0] + "\",\"signature\":\""
                + parts[2] + "\"}]}");
        all.add(token + ".");
        all.add("." + token);
        all.add("Bearer " + token);
        all.add("\"" + token + "\"");
        all.add(token + "," + token);
        all.add(parts[0] + ".." + parts[2]);
        all.removeIf(token::equals);
        return all;
    }

    /** All spellings of the last character of each part that decode to the same bytes. */
    static List<String> strayTrailingBits(String token) {
        List<String> spellings = new ArrayList<>();
        String[] parts = token.split("\\.", -1);
        for (int part = 0; part < 3; part++) {
            int unused = switch (parts[part].length() % 4) {
                case 2 -> 4;
                case 3 -> 2;
                default -> 0;
            };
            int last = ALPHABET.indexOf(parts[part].charAt(parts[part].length() - 1));
            for (int stray = 1; stray < 1 << unused; stray++) {
                String head = parts[part].substring(0, parts[part].length() - 1);
                spellings.add(with(parts, part, head + ALPHABET.charAt(last | stray)));
            }
        }
        return spellings;
    }

    /** The second signature that every ECDSA signature brings with it: (r, n - s). */
    static String ecdsaTwin(String token) {
        String[] parts = token.split("\\.", -1);
        byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        byte[] twin = P256_ORDER.subtract(s).toByteArray();
        byte[] respelled = Arrays.copyOf(signature, 64);
        Arrays.fill(respelled, 32, 64, (byte) 0);
        int length = Math.min(32, twin.length);
        System.arraycopy(twin, twin.length - length, respelled, 64 - length, length);
        return with(parts, 2, TestIssuer.base64(respelled));
    }

    /** The same signature as DER, which some libraries accept too. */
    static String ecdsaDer(String token) {
        String[] parts = token.split("\\.", -1);
        byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
        byte[] r = new BigInteger(1, Arrays.copyOfRange(signature, 0, 32)).toByteArray();
        byte[] s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)).toByteArray();
        byte[] der = new byte[6 + r.length + s.length];
        der[0] = 0x30;
        der[1] = (byte) (4 + r.length + s.length);
        der[2] = 2;
        der[3] = (byte) r.length;
        System.arraycopy(r, 0, der, 4, r.length);
        der[4 + r.length] = 2;
        der[5 + r.length] = (byte) s.length;
        System.arraycopy(s, 0, der, 6 + r.length, s.length);
        return with(parts, 2, TestIssuer.base64(der));
    }

    private static String with(String[] parts, int index, String part) {
        String[] copy = parts.clone();
        copy[index] = part;
        return String.join(".", copy);
    }
}
