package dev.curfew.session;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What every identifier that comes from outside must satisfy, so that all stores keep it alike. */
final class Identifiers {
    /** In UTF-16 units. Identifiers are hashed, so this only bounds the work, not what is stored for a key. */
    static final int MAX_LENGTH = 16_384;

    private Identifiers() {}

    static String require(String value, String name) {
        Objects.requireNonNull(value, name);
        if (value.isEmpty()) {
            throw new InvalidIdentifierException(name + " is empty");
        }
        if (value.length() > MAX_LENGTH) {
            throw new InvalidIdentifierException(name + " is longer than " + MAX_LENGTH + " characters");
        }
        if (!isWellFormed(value)) {
            throw new InvalidIdentifierException(name + " is not well-formed Unicode");
        }
        return value;
    }

    /** A lone surrogate would become '?' in UTF-8, and two subjects would be one. */
    private static boolean isWellFormed(String value) {
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
