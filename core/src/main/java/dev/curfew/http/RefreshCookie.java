package dev.curfew.http;

import dev.curfew.crypto.SecretToken;
import dev.curfew.http.SessionCookie.SameSite;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The cookie of a refresh token, which scripts cannot read. Immutable.
 *
 * <p>Without further words it is {@code Secure; HttpOnly; SameSite=Strict; Path=/} without a domain, until the browser
 * closes. With the prefix {@code __Secure-} in place of {@code __Host-} it may have a path, which has to cover the
 * paths of refresh and logout: {@code /api/v1/auth} by the default paths.
 */
public final class RefreshCookie {
    private final SessionCookie cookie;
    private final Predicate<Session> outlivesBrowser;

    private RefreshCookie(SessionCookie cookie, Predicate<Session> outlivesBrowser) {
        this.cookie = cookie;
        this.outlivesBrowser = outlivesBrowser;
    }

    /**
     * Starts a cookie.
     *
     * @param name case-sensitive, with the prefix {@code __Host-} or {@code __Secure-}
     * @return a builder with the strictest attributes
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** {@return the name, which is case-sensitive} */
    public String name() {
        return cookie.name();
    }

    /**
     * The header that hands out a refresh token, after a login; a refresh does the same by itself.
     *
     * @param token of the login's result
     * @param session of the login's result
     * @param now the instant of the answer
     * @return the header
     * @throws IllegalArgumentException if it is no refresh token
     */
    public HeaderField set(SecretToken token, Session session, Instant now) {
        if (token.kind() != CredentialKind.REFRESH_TOKEN) {
            throw new IllegalArgumentException("cookie " + name() + " is for refresh tokens");
        }
        if (!outlivesBrowser.test(session)) {
            return cookie.set(token.reveal());
        }
        Duration left = Duration.between(now, session.expiresAt());
        // A browser's clock is nobody's concern; that the session is over, the next refresh says.
        return cookie.set(token.reveal(), left.toSeconds() < 1 ? Duration.ofSeconds(1) : left);
    }

    /** {@return the header that clears it} */
    public HeaderField clear() {
        return cookie.clear();
    }

    SessionCookie cookie() {
        return cookie;
    }

    @Override
    public String toString() {
        return "RefreshCookie[" + cookie + "]";
    }

    /** Collects the attributes of a {@link RefreshCookie}. Confined to one thread. */
    public static final class Builder {
        private final String name;
        private final SessionCookie.Builder cookie;
        private Predicate<Session> outlivesBrowser = session -> false;
        private boolean isSecure = true;

        private Builder(String name) {
            this.name = name;
            this.cookie = SessionCookie.named(name).sameSite(SameSite.STRICT).persistent();
        }

        /**
         * Sets the path, which the prefix {@code __Host-} does not allow.
         *
         * @param value {@code /} by default
         * @return this
         */
        public Builder path(String value) {
            cookie.path(value);
            return this;
        }

        /**
         * Sets when other sites' requests carry the cookie.
         *
         * @param value {@link SameSite#STRICT} by default
         * @return this
         */
        public Builder sameSite(SameSite value) {
            cookie.sameSite(value);
            return this;
        }

        /**
         * Keeps a jar for each site that embeds this one.
         *
         * @return this
         */
        public Builder partitioned() {
            cookie.partitioned();
            return this;
        }

        /**
         * Lets the cookie of each session outlive the browser, until the session's absolute end.
         *
         * @return this
         */
        public Builder persistent() {
            return persistentIf(session -> true);
        }

        /**
         * Lets the cookie of some sessions outlive the browser: those of persons who want to be remembered on this
         * device, which an attribute of the login may say.
         *
         * @param remembered of which sessions; asked at the login and at each refresh
         * @return this
         */
        public Builder persistentIf(Predicate<Session> remembered) {
            this.outlivesBrowser = Objects.requireNonNull(remembered, "remembered");
            return this;
        }

        /**
         * Lets the cookie travel without TLS, where everybody can read it, and have a name without a prefix: only for
         * development.
         *
         * @return this
         */
        public Builder allowWithoutTls() {
            this.isSecure = false;
            cookie.allowWithoutTls();
            return this;
        }

        /**
         * Makes the cookie.
         *
         * @return the value
         * @throws IllegalStateException if a browser would refuse it, or its name has no prefix
         */
        public RefreshCookie build() {
            String prefix = name.toLowerCase(Locale.ROOT);
            if (isSecure && !prefix.startsWith("__host-") && !prefix.startsWith("__secure-")) {
                throw new IllegalStateException(
                        "cookie " + name + ": the name of a refresh cookie begins with __Host- or __Secure-");
            }
            return new RefreshCookie(cookie.build(), outlivesBrowser);
        }
    }
}
