package dev.curfew.session;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;

/** The rules for identifiers that come from outside, so that all stores keep them alike. */
final class Identifiers {
    /** In UTF-16 units. Identifiers are hashed, so this only bounds the work, not what is stored for a key. */
    static final int MAX_LENGTH = 16_384;

    private Identifiers() {}

    static String require(String value, String name) {
        return require(value, MAX_LENGTH, name);
    }

    /** The same of what is stored as it is, and must be shorter. */
    static String require(String value, int maxLength, String name) {
        Objects.requireNonNull(value, name);
        if (value.isEmpty()) {
            throw new InvalidIdentifierException(name + " is empty");
        }
        if (value.length() > maxLength) {
            throw new InvalidIdentifierException(name + " is longer than " + maxLength + " characters");
        }
        utf8(value, name);
        return value;
    }

    /** The same of several; answers an unmodifiable copy. */
    static Set<String> requireAll(Set<String> values, int maxCount, int maxLength, String name) {
        Objects.requireNonNull(values, name);
        if (values.size() > maxCount) {
            throw new InvalidIdentifierException(name + ": more than " + maxCount);
        }
        values.forEach(value -> require(value, maxLength, name));
        return Set.copyOf(values);
    }

    /**
     * The same of a name that people write into settings: what they cannot see at its ends is a mistake, and would be
     * another name.
     */
    static String requireName(String value, String name) {
        require(value, name);
        requireInk(value.codePointAt(0), name, "begins");
        requireInk(value.codePointBefore(value.length()), name, "ends");
        return value;
    }

    private static void requireInk(int codePoint, String name, String where) {
        if (Blanks.isBlank(codePoint)) {
            throw new InvalidIdentifierException(String.format(
                    "%s %s with a blank (U+%04X): names compare byte for byte, so write it without",
                    name, where, codePoint));
        }
    }

    /** Refuses a lone surrogate: in UTF-8 it would become '?', and two subjects would be one. */
    static ByteBuffer utf8(String value, String name) {
        try {
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
        } catch (CharacterCodingException e) {
            throw new InvalidIdentifierException(name + " is not well-formed Unicode");
        }
    }
}
