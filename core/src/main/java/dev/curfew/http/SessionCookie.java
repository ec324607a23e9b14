package dev.curfew.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cookie as it is set and, with the very same attributes, cleared; browsers ignore a clearing that differs.
 * Immutable.
 *
 * <p>Without further words it is {@code Secure; HttpOnly; SameSite=Lax; Path=/} without a domain, which is what the
 * name prefix {@code __Host-} demands. The rules of RFC 6265bis for the prefixes are checked when it is made.
 */
public final class SessionCookie {
    private static final int MAX_LENGTH = 4096;
    private static final String EXPIRED = "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";

    /** When a browser sends the cookie with requests that other sites cause. */
    public enum SameSite {
        /** Never. */
        STRICT("Strict"),
        /** When a person follows a link. */
        LAX("Lax"),
        /** Always. */
        NONE("None");

        private final String value;

        SameSite(String value) {
            this.value = value;
        }
    }

    private final String name;
    private final String attributes;
    private final boolean isPersistent;

    private SessionCookie(Builder builder) {
        this.name = builder.name;
        this.attributes = builder.attributes();
        this.isPersistent = builder.isPersistent;
    }

    /**
     * Starts a cookie.
     *
     * @param name case-sensitive, preferably with the prefix {@code __Host-}
     * @return a builder with the strictest attributes but {@code SameSite=Lax}
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** {@return the name, which is case-sensitive} */
    public String name() {
        return name;
    }

    /**
     * The header that sets it, until the browser closes; how long the session lasts is not the cookie's business.
     *
     * @param value of RFC 6265's characters
     * @return the header
     * @throws IllegalArgumentException if the value has other characters, or is too long for a browser
     */
    public HeaderField set(String value) {
        return header(value, "");
    }

    /**
     * The header that sets it for a while, if it is {@link Builder#persistent}, and else until the browser closes. The
     * server alone decides how long the session lasts; a browser may forget a cookie before that.
     *
     * @param value of RFC 6265's characters
     * @param maxAge usually what is left of the session; at least a second
     * @return the header
     * @throws IllegalArgumentException if the value has other characters, or is too long for a browser, or there is no
     *     such while
     */
    public HeaderField set(String value, Duration maxAge) {
        if (maxAge.toSeconds() < 1) {
            throw new IllegalArgumentException("maxAge of cookie " + name + " must be at least a second");
        }
        return header(value, isPersistent ? "; Max-Age=" + maxAge.toSeconds() : "");
    }

    private HeaderField header(String value, String age) {
        if (!value.chars().allMatch(SessionCookie::isValueCharacter) || name.length() + value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "value of cookie " + name + " is too long or has characters not allowed");
        }
        return new HeaderField("Set-Cookie", name + "=" + value + age + attributes);
    }

    /** {@return the header that clears it} */
    public HeaderField clear() {
        return new HeaderField("Set-Cookie", name + "=" + EXPIRED + attributes);
    }

    @Override
    public String toString() {
        return "SessionCookie[" + name + attributes + "]";
    }

    private static boolean isValueCharacter(int c) {
        return HttpText.isVisible(c) && "\",;\\".indexOf(c) < 0;
    }

    /** Collects the attributes of a {@link SessionCookie}. Confined to one thread. */
    public static final class Builder {
        private final String name;
        private String path = "/";
        private @Nullable String domain;
        private SameSite sameSite = SameSite.LAX;
        private boolean isSecure = true;
        private boolean isHttpOnly = true;
        private boolean isPartitioned;
        private boolean isPersistent;

        private Builder(String name) {
            if (!HttpText.isToken(name)) {
                throw new IllegalArgumentException("SessionCookie.named(\"" + HttpText.harmless(name, 100)
                        + "\"): a name is letters, digits and !#$%&'*+-.^_`|~");
            }
            this.name = name;
        }

        /**
         * Sets the path.
         *
         * @param value {@code /} by default
         * @return this
         */
        public Builder path(String value) {
            if (!value.startsWith("/") || value.indexOf(';') >= 0 || !HttpText.isFieldValue(value)) {
                throw new IllegalArgumentException("cookie path must start with / and be visible ASCII without ;");
            }
            this.path = value;
            return this;
        }

        /**
         * Sets the domain, whose subdomains then get the cookie too.
         *
         * @param value none by default: the host alone
         * @return this
         */
        public Builder domain(String value) {
            if (value.isEmpty() || !value.chars().allMatch(Builder::isDomainCharacter)) {
                throw new IllegalArgumentException("cookie domain must be letters, digits, hyphens and dots");
            }
            this.domain = value;
            return this;
        }

        /**
         * Sets when other sites' requests carry the cookie.
         *
         * @param value {@link SameSite#LAX} by default
         * @return this
         */
        public Builder sameSite(SameSite value) {
            this.sameSite = Objects.requireNonNull(value, "sameSite");
            return this;
        }

        /**
         * Lets the cookie travel without TLS, where everybody can read it: only for development.
         *
         * @return this
         */
        public Builder allowWithoutTls() {
            this.isSecure = false;
            return this;
        }

        /**
         * Lets scripts read the cookie, which only one for CSRF protection needs.
         *
         * @return this
         */
        public Builder readableByScripts() {
            this.isHttpOnly = false;
            return this;
        }

        /**
         * Keeps a jar for each site that embeds this one.
         *
         * @return this
         */
        public Builder partitioned() {
            this.isPartitioned = true;
            return this;
        }

        /**
         * Lets the cookie outlive the browser, for as long as {@link SessionCookie#set(String, Duration)} says: for a
         * person who wants to be remembered on this device.
         *
         * @return this
         */
        public Builder persistent() {
            this.isPersistent = true;
            return this;
        }

        /**
         * Makes the cookie.
         *
         * @return the value
         * @throws IllegalStateException if a browser would refuse it
         */
        public SessionCookie build() {
            // Browsers compare prefixes without regard to case.
            String prefix = name.toLowerCase(Locale.ROOT);
            boolean isHost = prefix.startsWith("__host-");
            require(
                    isSecure || !isHost && !prefix.startsWith("__secure-"),
                    "the prefix demands Secure; without TLS, take a name without prefix");
            require(!isHost || domain == null && path.equals("/"), "__Host- demands Path=/ and no Domain");
            require(isSecure || sameSite != SameSite.NONE, "SameSite=None demands Secure");
            require(isSecure || !isPartitioned, "Partitioned demands Secure");
            return new SessionCookie(this);
        }

        private String attributes() {
            return (domain == null ? "" : "; Domain=" + domain)
                    + "; Path=" + path
                    + (isSecure ? "; Secure" : "")
                    + (isHttpOnly ? "; HttpOnly" : "")
                    + "; SameSite=" + sameSite.value
                    + (isPartitioned ? "; Partitioned" : "");
        }

        private void require(boolean holds, String rule) {
            if (!holds) {
                throw new IllegalStateException("cookie " + name + ": " + rule);
            }
        }

        private static boolean isDomainCharacter(int c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.';
        }
    }
}
