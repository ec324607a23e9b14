package dev.curfew.http;

import java.util.Objects;

/**
 * One header line of a response; a value that could break out of its line cannot be made. Immutable.
 *
 * @param name a token of RFC 9110
 * @param value visible ASCII characters, spaces and tabs only in between; may be empty
 */
public record HeaderField(String name, String value) {
    /**
     * Checks both parts.
     *
     * @throws IllegalArgumentException if either could not be written as one line
     */
    public HeaderField {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        if (!HttpText.isToken(name)) {
            throw new IllegalArgumentException("header name is not a token");
        }
        if (!HttpText.isFieldValue(value)) {
            throw new IllegalArgumentException("header value has characters that are not allowed: " + name);
        }
    }

    /**
     * The same header as far as HTTP is concerned.
     *
     * @param other a name in any case
     * @return true if it is this header's name
     */
    public boolean isNamed(String other) {
        return name.equalsIgnoreCase(other);
    }

    /** The name only: the value may be a credential. */
    @Override
    public String toString() {
        return name;
    }
}
