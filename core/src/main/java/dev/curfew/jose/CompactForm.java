package dev.curfew.jose;

import dev.curfew.jose.UnreadableTokenException.Flaw;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The three parts of a compact JWS, of which each has exactly one accepted spelling.
 *
 * <p>Libraries accept padding, white space and stray trailing bits, so that one token has many texts. Here a text that
 * is not the canonical one is refused before anything of it is read.
 */
public final class CompactForm {
    private final String text;
    private final int firstDot;
    private final int secondDot;

    private CompactForm(String text, int firstDot, int secondDot) {
        this.text = text;
        this.firstDot = firstDot;
        this.secondDot = secondDot;
    }

    public static CompactForm parse(String text, int maxLength) throws UnreadableTokenException {
        if (text.length() > maxLength) {
            throw new UnreadableTokenException(Flaw.TOO_LONG, "longer than maxTokenLength");
        }
        int firstDot = endOfPart(text, 0);
        int secondDot = endOfPart(text, firstDot + 1);
        int end = endOfPart(text, secondDot + 1);
        if (end != text.length()) {
            throw refused("not exactly three parts");
        }
        return new CompactForm(text, firstDot, secondDot);
    }

    public int length() {
        return text.length();
    }

    byte[] header() {
        return decode(0, firstDot);
    }

    byte[] payload() {
        return decode(firstDot + 1, secondDot);
    }

    public byte[] signature() {
        return decode(secondDot + 1, text.length());
    }

    /** The exact {@code header.payload}. */
    public String signingInput() {
        return text.substring(0, secondDot);
    }

    public byte[] signedBytes() {
        return signingInput().getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] decode(int from, int to) {
        return Base64.getUrlDecoder().decode(text.substring(from, to));
    }

    /** Answers where the part that starts here ends: at a dot or at the end of the text. */
    private static int endOfPart(String text, int from) throws UnreadableTokenException {
        int at = from;
        while (at < text.length() && text.charAt(at) != '.') {
            if (sextet(text.charAt(at)) < 0) {
                throw refused("a character is not of base64url");
            }
            at++;
        }
        if (at <= from) {
            throw refused("a part is empty or missing");
        }
        int unusedBits = switch ((at - from) % 4) {
            case 0 -> 0;
            case 2 -> 0xF;
            case 3 -> 0x3;
            default -> throw refused("a part has an impossible length");
        };
        if ((sextet(text.charAt(at - 1)) & unusedBits) != 0) {
            throw refused("a part has stray trailing bits");
        }
        return at;
    }

    private static int sextet(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return switch (c) {
            case '-' -> 62;
            case '_' -> 63;
            default -> -1;
        };
    }

    private static UnreadableTokenException refused(String detail) {
        return new UnreadableTokenException(Flaw.MALFORMED, detail);
    }
}
