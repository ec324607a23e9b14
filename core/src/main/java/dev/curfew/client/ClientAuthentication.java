package dev.curfew.client;

import java.util.Objects;
import java.util.Optional;

/** Who calls an endpoint, or why nobody can say. Immutable. */
public sealed interface ClientAuthentication {
    /**
     * A client that has proven who it is, or a public one that has said so.
     *
     * @param client who
     * @param isConfidential whether it has proven it: a public client has nothing to prove it by
     * @param assertion the {@code jti} of the assertion that has proven it, if one has: the name of what it asks for
     */
    record Authenticated(RegisteredClient client, boolean isConfidential, Optional<String> assertion)
            implements ClientAuthentication {
        /** Checks that nothing is null. */
        public Authenticated {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(assertion, "assertion");
        }

        /**
         * A client that has proven who it is: for authenticators of a host's own.
         *
         * @param client who
         * @return the result
         */
        public static Authenticated of(RegisteredClient client) {
            return new Authenticated(client, true, Optional.empty());
        }

        /**
         * A client that has no credentials, and has said who it is.
         *
         * @param client registered as public
         * @return the result
         */
        public static Authenticated ofPublic(RegisteredClient client) {
            return new Authenticated(client, false, Optional.empty());
        }

        /** Neither name nor {@code jti}. */
        @Override
        public String toString() {
            return "Authenticated[" + client + "]";
        }
    }

    /** The request has no credentials that this authenticator knows. Answered 401 with a challenge. */
    record Missing() implements ClientAuthentication {}

    /** The credentials are wrong, or nobody knows the client. Answered 401 {@code invalid_client}. */
    record Refused() implements ClientAuthentication {}

    /** The request has credentials of two sorts, or for two clients. Answered 400 {@code invalid_request}. */
    record Ambiguous() implements ClientAuthentication {}

    /** Whoever calls is known, and may not. Answered 403 {@code insufficient_scope}. */
    record Forbidden() implements ClientAuthentication {}

    /** Nobody can say in time. Answered 503 with {@code Retry-After}. */
    record Unavailable() implements ClientAuthentication {}
}
