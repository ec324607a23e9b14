package dev.curfew.jose;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads those parts of a JSON text that have no parts themselves, exactly as RFC 8259 writes them. Confined to one
 * thread.
 */
final class JsonScanner {
    private static final int MAX_NUMBER_LENGTH = 64;

    private final String text;
    private int at;

    private JsonScanner(String text) {
        this.text = text;
    }

    static JsonScanner of(byte[] utf8) throws NotStrictJsonException {
        try {
            return new JsonScanner(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new NotStrictJsonException();
        }
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    char peek() throws NotStrictJsonException {
        if (at >= text.length()) {
            throw new NotStrictJsonException();
        }
        return text.charAt(at);
    }

    boolean accept(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    void expect(char c) throws NotStrictJsonException {
        if (!accept(c)) {
            throw new NotStrictJsonException();
        }
    }

    /** Skips a word, and answers what it stands for. */
    @Nullable
    Object readWord(String word, @Nullable Object value) throws NotStrictJsonException {
        if (!text.startsWith(word, at)) {
            throw new NotStrictJsonException();
        }
        at += word.length();
        return value;
    }

    String readString() throws NotStrictJsonException {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (!accept('"')) {
            char c = next();
            if (c < ' ') {
                throw new NotStrictJsonException();
            }
            value.append(c == '\\' ? readEscape() : c);
        }
        String result = value.toString();
        requireWellFormed(result);
        return result;
    }

    /** A Long, or a Double where a long cannot hold it. */
    Object readNumber() throws NotStrictJsonException {
        int start = at;
        accept('-');
        if (!accept('0')) {
            skipDigits();
        }
        boolean whole = true;
        if (accept('.')) {
            whole = false;
            skipDigits();
        }
        if (accept('e') || accept('E')) {
            whole = false;
            if (!accept('+')) {
                accept('-');
            }
            skipDigits();
        }
        if (at - start > MAX_NUMBER_LENGTH) {
            throw new NotStrictJsonException();
        }
        return number(text.substring(start, at), whole);
    }

    private char next() throws NotStrictJsonException {
        char c = peek();
        at++;
        return c;
    }

    private char readEscape() throws NotStrictJsonException {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> (char) (hexDigit() << 12 | hexDigit() << 8 | hexDigit() << 4 | hexDigit());
            default -> throw new NotStrictJsonException();
        };
    }

    private int hexDigit() throws NotStrictJsonException {
        char c = next();
        // Character.digit alone would also take digits of other scripts.
        int digit = c < 128 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw new NotStrictJsonException();
        }
        return digit;
    }

    /** A lone surrogate, which only an escape can bring, becomes '?' in UTF-8 and makes two names one. */
    private static void requireWellFormed(String value) throws NotStrictJsonException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean paired = Character.isHighSurrogate(c)
                        && i + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(i + 1));
                if (!paired) {
                    throw new NotStrictJsonException();
                }
                i++;
            }
        }
    }

    private static Object number(String literal, boolean whole) throws NotStrictJsonException {
        // At most 18 digits surely fit into a long.
        if (whole && literal.length() <= 18) {
            return Long.valueOf(literal);
        }
        double value = Double.parseDouble(literal);
        if (Double.isInfinite(value)) {
            throw new NotStrictJsonException();
        }
        return whole && Math.abs(value) < 0x1p63 ? Long.valueOf(literal) : (Object) value;
    }

    private void skipDigits() throws NotStrictJsonException {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw new NotStrictJsonException();
        }
    }
}
