package dev.curfew.token;

import dev.curfew.session.InvalidIdentifierException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads subject identifiers, and says what each format demands. */
final class SubjectIdentifierReader {
    static final String COMPLEX = "complex";

    private static final String ALIASES = "aliases";

    /** The members of a complex subject that the Shared Signals Framework defines. */
    private static final Set<String> NAMES =
            Set.of("user", "device", "session", "application", "tenant", "org_unit", "group");

    /** Of names of one subject, and of members of a complex one: bounds what one message can make us seek. */
    private static final int MAX_PARTS = 32;

    /** As of every identifier that comes from outside, which is hashed before it is stored. */
    private static final int MAX_LENGTH = 16_384;

    /** RFC 3986 section 3.1, and something after it. */
    private static final Pattern URI_START = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.");

    private SubjectIdentifierReader() {}

    static SubjectIdentifier read(Map<String, ? extends @Nullable Object> members) {
        return switch (text(members, "format")) {
            case COMPLEX -> new SubjectIdentifier.Complex(parts(members));
            case ALIASES -> new SubjectIdentifier.Aliases(identifiers(members));
            default -> readSingle(members);
        };
    }

    /** Of what has no identifiers within it, so that nesting ends after one step. */
    private static SubjectIdentifier readSingle(Map<String, ? extends @Nullable Object> members) {
        String format = text(members, "format");
        return switch (format) {
            case "account" -> new SubjectIdentifier.Account(text(members, "uri"));
            case "email" -> new SubjectIdentifier.Email(text(members, "email"));
            case "iss_sub" -> new SubjectIdentifier.IssSub(text(members, "iss"), text(members, "sub"));
            case "opaque" -> new SubjectIdentifier.Opaque(text(members, "id"));
            case "phone_number" -> new SubjectIdentifier.PhoneNumber(text(members, "phone_number"));
            case "did" -> new SubjectIdentifier.Did(text(members, "url"));
            case "uri" -> new SubjectIdentifier.Uri(text(members, "uri"));
            case "jwt_id" -> new SubjectIdentifier.JwtId(text(members, "iss"), text(members, "jti"));
            case COMPLEX, ALIASES -> throw refused("an identifier of several parts stands within another");
            default -> new SubjectIdentifier.Other(format, new LinkedHashMap<>(members));
        };
    }

    private static Map<String, SubjectIdentifier> parts(Map<String, ? extends @Nullable Object> members) {
        Map<String, SubjectIdentifier> parts = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (NAMES.contains(name)) {
                parts.put(name, part(value));
            } else if (!name.equals("format")) {
                addUnknown(parts, name, value);
            }
        });
        return parts;
    }

    /** Perhaps no subject at all: then it narrows nothing down. */
    private static void addUnknown(Map<String, SubjectIdentifier> parts, String name, @Nullable Object value) {
        try {
            parts.put(name, part(value));
        } catch (InvalidIdentifierException e) {
            // Passed over, as members that nobody knows are everywhere.
        }
    }

    /** A member may have several names, but is never complex itself. */
    private static SubjectIdentifier part(@Nullable Object value) {
        Map<String, ? extends @Nullable Object> part = object(value);
        return text(part, "format").equals(ALIASES) ? read(part) : readSingle(part);
    }

    private static List<SubjectIdentifier> identifiers(Map<String, ? extends @Nullable Object> members) {
        if (!(members.get("identifiers") instanceof List<?> all)) {
            throw refused("identifiers is not an array");
        }
        List<SubjectIdentifier> identifiers = new ArrayList<>();
        all.forEach(each -> identifiers.add(readSingle(object(each))));
        return identifiers;
    }

    @SuppressWarnings("unchecked") // the names of a JSON object are strings
    private static Map<String, ? extends @Nullable Object> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return (Map<String, ? extends @Nullable Object>) members;
        }
        throw refused("a part is not an object");
    }

    private static String text(Map<String, ? extends @Nullable Object> members, String name) {
        if (members.get(name) instanceof String text) {
            return require(text, name);
        }
        throw refused(name + " is missing, or is not a string");
    }

    static String require(String value, String name) {
        if (value.isEmpty()) {
            throw refused(name + " is empty");
        }
        if (value.length() > MAX_LENGTH || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw refused(name + " is longer than " + MAX_LENGTH + " characters, or not well-formed Unicode");
        }
        return value;
    }

    static void requireScheme(String scheme, String value, String name) {
        require(value, name);
        // Schemes are compared without case (RFC 3986 section 3.1).
        if (!value.regionMatches(true, 0, scheme, 0, scheme.length()) || value.length() == scheme.length()) {
            throw refused(name + " does not begin with " + scheme);
        }
    }

    static void requireUri(String value) {
        require(value, "uri");
        if (!URI_START.matcher(value).lookingAt()) {
            throw refused("uri has no scheme");
        }
    }

    static void requireMailbox(String value) {
        int at = require(value, "email").lastIndexOf('@');
        if (at < 1 || at == value.length() - 1) {
            throw refused("email is not of the form local-part@domain");
        }
    }

    static void requireAliases(List<SubjectIdentifier> identifiers) {
        requireNumber(identifiers.size(), "identifiers");
        for (SubjectIdentifier each : identifiers) {
            if (each instanceof SubjectIdentifier.Aliases || each instanceof SubjectIdentifier.Complex) {
                throw refused("an identifier of several parts stands within another");
            }
        }
    }

    static void requireParts(Map<String, SubjectIdentifier> parts) {
        requireNumber(parts.size(), "members");
        if (parts.containsKey("format")) {
            throw refused("format is no member that names a subject");
        }
        if (parts.values().stream().anyMatch(SubjectIdentifier.Complex.class::isInstance)) {
            throw refused("a complex subject stands within another");
        }
    }

    private static void requireNumber(int number, String what) {
        if (number < 1 || number > MAX_PARTS) {
            throw refused("has " + number + " " + what + ", and 1 to " + MAX_PARTS + " are allowed");
        }
    }

    private static InvalidIdentifierException refused(String what) {
        return new InvalidIdentifierException("subject identifier: " + what);
    }
}
