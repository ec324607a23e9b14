package dev.curfew.token;

import dev.curfew.session.InvalidIdentifierException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom or what a security event is about: a subject identifier of RFC 9493, or one of the formats that the Shared
 * Signals Framework adds. Immutable; compared by value, byte for byte, without any folding.
 *
 * <p>Its {@code toString} tells the format and nothing else.
 */
public sealed interface SubjectIdentifier {
    /** {@return the name of the format, as it stands in the member {@code format}} */
    String format();

    /**
     * The JSON object, as a message has it.
     *
     * @return an unmodifiable map, with {@code format}; values are String, List or Map, and of {@link Other} whatever
     *     it came with
     */
    Map<String, @Nullable Object> asMap();

    /**
     * Reads the JSON object of a message. Members that a known format does not define are passed over.
     *
     * @param members as a strict reader gives them
     * @return the identifier; {@link Other} if the format is not known here
     * @throws InvalidIdentifierException if there is no format, or the object is not what its format demands; the
     *     message repeats nothing of what came
     */
    static SubjectIdentifier parse(Map<String, ? extends @Nullable Object> members) {
        return SubjectIdentifierReader.read(Objects.requireNonNull(members, "members"));
    }

    /**
     * Whether the subject of a stream and that of an event match (Shared Signals Framework 1.0, section 8.1.3.1). Two
     * complex ones do if each member that both have is identical, so that a missing one stands for any; all others do
     * if they are equal.
     *
     * @param other the other subject; the order of the two does not matter
     * @return true if they match
     */
    default boolean matches(SubjectIdentifier other) {
        return equals(other);
    }

    /**
     * An account at a service (RFC 9493 section 3.2.1).
     *
     * @param uri of the scheme {@code acct}
     */
    record Account(String uri) implements SubjectIdentifier {
        /** Checks the scheme. */
        public Account {
            SubjectIdentifierReader.requireScheme("acct:", uri, "uri");
        }

        @Override
        public String format() {
            return "account";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            return Map.of("format", format(), "uri", uri);
        }

        @Override
        public String toString() {
            return "SubjectIdentifier[account]";
        }
    }

    /**
     * A mailbox (RFC 9493 section 3.2.2). Two spellings of one mailbox are two identifiers: only the host knows which
     * its provider folds.
     *
     * @param email with an at sign between two parts
     */
    record Email(String email) implements SubjectIdentifier {
        /** Checks that there are two parts. */
        public Email {
            SubjectIdentifierReader.requireMailbox(email);
        }

        @Override
        public String format() {
            return "email";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            return Map.of("format", format(), "email", email);
        }

        @Override
        public String toString() {
            return "SubjectIdentifier[email]";
        }
    }

    /**
     * A subject as an issuer's tokens name it (RFC 9493 section 3.2.3).
     *
     * @param iss the issuer
     * @param sub the subject
     */
    record IssSub(String iss, String sub) implements SubjectIdentifier {
        /** Checks that neither is empty. */
        public IssSub {
            SubjectIdentifierReader.require(iss, "iss");
            SubjectIdentifierReader.require(sub, "sub");
        }

        @Override
        public String format() {
            return "iss_sub";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            return Map.of("format", format(), "iss", iss, "sub", sub);
        }

        @Override
        public String toString() {
            return "SubjectIdentifier[iss_sub]";
        }
    }

    /**
     * A text that means something to both parties alone (RFC 9493 section 3.2.4).
     *
     * @param id not empty
     */
    record Opaque(String id) implements SubjectIdentifier {
        /** Checks that it is not empty. */
        public Opaque {
            SubjectIdentifierReader.require(id, "id");
        }

        @Override
        public String format() {
            return "opaque";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            return Map.of("format", format(), "id", id);
        }

        @Override
        public String toString() {
            return "SubjectIdentifier[opaque]";
        }
    }

    /**
     * A telephone number (RFC 9493 section 3.2.5). The standard demands E.164; published examples have blanks in it,
     * so that nothing is demanded here but a text.
     *
     * @param phoneNumber not empty
     */
    record PhoneNumber(String phoneNumber) implements SubjectIdentifier {
        /** Checks that it is not empty. */
        public PhoneNumber {
            SubjectIdentifierReader.require(phoneNumber, "phone_number");
        }

        @Override
        public String format() {
            return "phone_number";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            return Map.of("format", format(), "phone_number", phoneNumber);
        }

        @Override
        public String toString() {
            return "SubjectIdentifier[phone_number]";
        }
    }

    /**
     * A decentralized identifier, or a URL of one (RFC 9493 section 3.2.6).
     *
     * @param url of the scheme {@code did}
     */
    record Did(String url) implements SubjectIdentifier {
        /** Checks the scheme. */
        public Did {
            SubjectIdentifierReader.requireScheme("did:", url, "url");
        }

        @Override
        public String format() {
            return "did";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            return Map.of("format", format(), "url", url);
        }

        @Override
        public String toString() {
            return "SubjectIdentifier[did]";
        }
    }

    /**
     * A URI (RFC 9493 section 3.2.7).
     *
     * @param uri with a scheme
     */
    record Uri(String uri) implements SubjectIdentifier {
        /** Checks that there is a scheme. */
        public Uri {
            SubjectIdentifierReader.requireUri(uri);
        }

        @Override
        public String format() {
            return "uri";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            return Map.of("format", format(), "uri", uri);
        }

        @Override
        public String toString() {
            return "SubjectIdentifier[uri]";
        }
    }

    /**
     * Several names of one subject (RFC 9493 section 3.2.8).
     *
     * @param identifiers 1 to 32, none of which is itself an alias or complex
     */
    record Aliases(List<SubjectIdentifier> identifiers) implements SubjectIdentifier {
        /** Checks number and kinds. */
        public Aliases {
            identifiers = List.copyOf(identifiers);
            SubjectIdentifierReader.requireAliases(identifiers);
        }

        @Override
        public String format() {
            return "aliases";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            return Map.of(
                    "format",
                    format(),
                    "identifiers",
                    identifiers.stream().map(SubjectIdentifier::asMap).toList());
        }

        @Override
        public String toString() {
            return "SubjectIdentifier[aliases]";
        }
    }

    /**
     * One token of an issuer (Shared Signals Framework 1.0, section 3.4.1).
     *
     * @param iss the issuer of the token
     * @param jti the token's id
     */
    record JwtId(String iss, String jti) implements SubjectIdentifier {
        /** Checks that neither is empty. */
        public JwtId {
            SubjectIdentifierReader.require(iss, "iss");
            SubjectIdentifierReader.require(jti, "jti");
        }

        @Override
        public String format() {
            return "jwt_id";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            return Map.of("format", format(), "iss", iss, "jti", jti);
        }

        @Override
        public String toString() {
            return "SubjectIdentifier[jwt_id]";
        }
    }

    /**
     * One subject that several members narrow down together (Shared Signals Framework 1.0, section 3.2).
     *
     * @param members 1 to 32 by name, in their order; {@code user}, {@code device}, {@code session},
     *     {@code application}, {@code tenant}, {@code org_unit} and {@code group} are the framework's; others are kept,
     *     and passed over in reading if they are no subject identifiers; none is itself complex
     */
    record Complex(Map<String, SubjectIdentifier> members) implements SubjectIdentifier {
        /** Checks number and kinds. */
        public Complex {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
            SubjectIdentifierReader.requireParts(members);
        }

        @Override
        public String format() {
            return SubjectIdentifierReader.COMPLEX;
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            all.put("format", format());
            members.forEach((name, part) -> all.put(name, part.asMap()));
            return Collections.unmodifiableMap(all);
        }

        @Override
        public boolean matches(SubjectIdentifier other) {
            return other instanceof Complex that
                    && members.entrySet().stream()
                            .allMatch(part ->
                                    part.getValue().equals(that.members.getOrDefault(part.getKey(), part.getValue())));
        }

        @Override
        public String toString() {
            return "SubjectIdentifier[complex]";
        }
    }

    /**
     * An identifier of a format that is not known here, such as {@code ip-addresses} or one that two parties agreed on.
     *
     * @param format its name
     * @param members all of them, {@code format} included, as they were read
     */
    record Other(String format, Map<String, @Nullable Object> members) implements SubjectIdentifier {
        /** Copies the members. */
        public Other {
            SubjectIdentifierReader.require(format, "format");
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            return members;
        }

        /** The name of the format is the sender's text too. */
        @Override
        public String toString() {
            return "SubjectIdentifier[other]";
        }
    }
}
