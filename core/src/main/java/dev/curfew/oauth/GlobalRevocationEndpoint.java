package dev.curfew.oauth;

import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.ClientAuthenticator;
import dev.curfew.endpoint.Callers;
import dev.curfew.endpoint.EndpointAnswers;
import dev.curfew.endpoint.EndpointFailures;
import dev.curfew.endpoint.RefusedRequestException;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.jose.NotStrictJsonException;
import dev.curfew.jose.StrictJson;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import dev.curfew.store.OperationId;
import dev.curfew.token.SubjectIdentifier;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Global Token Revocation (draft-parecki-oauth-global-token-revocation): an identity provider or a tool for incidents
 * ends everything of a person. Thread-safe.
 *
 * <p>What is acknowledged was revoked before the answer was made: every session of the subject, its refresh tokens and
 * its access tokens, and its logins under way. One round trip for each subject; all are tried, and if one fails so does
 * the request.
 *
 * <p>A request that is repeated does not end what began meanwhile: the act is named by the caller, the subject and the
 * {@code jti} of the assertion. <b>Where there is none, it is named by the minute</b>: a second request about the same
 * subject within one minute is taken for a repetition and answered 204, though a login that was made in between lives
 * on. Who cannot have that signs its requests
 * ({@link dev.curfew.client.ClientAuthenticators#signedJwt ClientAuthenticators.signedJwt}).
 */
public final class GlobalRevocationEndpoint {
    private static final int MAX_BODY = 64 * 1024;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final SessionService service;
    private final Callers callers;
    private final RevocationSubjectResolver subjects;
    private final Clock clock;
    private final EndpointFailures failures = new EndpointFailures(GlobalRevocationEndpoint.class);
    private final List<String> authenticationMethods;

    private GlobalRevocationEndpoint(Builder builder) {
        this.service = builder.service;
        this.callers = new Callers(builder.callers, builder.challengeRealm);
        this.subjects = builder.subjects;
        this.clock = builder.clock;
        this.authenticationMethods = List.copyOf(builder.callers.methods());
    }

    /**
     * Starts an endpoint.
     *
     * @param service whose sessions end
     * @param callers who may ask; a public client never may
     * @param subjects whom they mean
     * @return a builder
     */
    public static Builder of(SessionService service, ClientAuthenticator callers, RevocationSubjectResolver subjects) {
        return new Builder(service, callers, subjects);
    }

    /**
     * Answers a request. Never throws for anything that a client or an outage can cause.
     *
     * @param request {@code POST} of JSON with {@code sub_id}, and the caller's credentials
     * @return 204; or 400, 401, 403, 404, 405, 413, 415, 422, 503 with an error in JSON
     */
    public EndpointResponse answer(EndpointRequest request) {
        return failures.answer(request, () -> {
            if (!request.method().equals("POST")) {
                throw RefusedRequestException.methodNotAllowed("POST");
            }
            byte[] body = body(request);
            Authenticated caller = callers.requireConfidential(request);
            revoke(whom(identifier(body), caller), caller);
            return EndpointAnswers.empty(204);
        });
    }

    List<String> authenticationMethods() {
        return authenticationMethods;
    }

    /** One that cannot be revoked now leaves the others no longer alive. */
    private void revoke(Set<SubjectId> subjects, Authenticated caller) {
        RuntimeException failure = null;
        for (SubjectId subject : subjects) {
            try {
                service.revokeAllSessions(subject, cause(caller, subject));
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static byte[] body(EndpointRequest request) throws RefusedRequestException {
        byte[] body = request.body();
        if (body.length > MAX_BODY) {
            throw RefusedRequestException.of(413, "invalid_request", "the body is longer than " + MAX_BODY + " bytes");
        }
        if (!request.hasMediaType("application/json")) {
            throw RefusedRequestException.of(415, "invalid_request", "the body is not said to be application/json");
        }
        return body;
    }

    private static SubjectIdentifier identifier(byte[] body) throws RefusedRequestException {
        try {
            if (StrictJson.object(body).get("sub_id") instanceof Map<?, ?> members) {
                SubjectIdentifier identifier = SubjectIdentifier.parse(named(members));
                if (!(identifier instanceof SubjectIdentifier.Other)) {
                    return identifier;
                }
            }
        } catch (NotStrictJsonException | InvalidIdentifierException e) {
            throw malformed();
        }
        throw malformed();
    }

    private static Map<String, @Nullable Object> named(Map<?, ?> members) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        members.forEach((name, value) -> named.put(String.valueOf(name), value));
        return named;
    }

    private Set<SubjectId> whom(SubjectIdentifier identifier, Authenticated caller) throws RefusedRequestException {
        RevocationSubjects found = subjects.resolve(identifier, caller.client());
        return switch (found.kind()) {
            case FOUND -> within(found.subjects(), caller);
            case UNKNOWN -> Set.of();
            case NOT_FOUND -> throw RefusedRequestException.of(404, "not_found", "nobody is known by that name");
            case NOT_REVOCABLE ->
                throw RefusedRequestException.of(422, "not_revocable", "what this subject has cannot be revoked");
            case UNSUPPORTED -> throw malformed();
        };
    }

    /** Whom the caller may speak about, whatever the host's resolver has found. */
    private static Set<SubjectId> within(Set<SubjectId> found, Authenticated caller) throws RefusedRequestException {
        Set<SubjectId> allowed = found.stream()
                .filter(subject -> caller.client().mayActOn(subject.realm()))
                .collect(Collectors.toSet());
        if (allowed.isEmpty()) {
            throw RefusedRequestException.of(403, "access_denied", "the caller may not act on this subject");
        }
        return allowed;
    }

    private RevocationCause cause(Authenticated caller, SubjectId subject) {
        ClientId client = caller.client().id();
        String act = caller.assertion().map(id -> "jti:" + id).orElseGet(() -> "at:" + clock.millis() / MINUTE);
        LookupKey name = LookupKey.of(
                "global-revocation",
                client.realm().name(),
                client.value(),
                act,
                subject.realm().name(),
                subject.value());
        ByteBuffer bits = ByteBuffer.wrap(name.toBytes());
        return RevocationCause.of(RevocationReason.BACKCHANNEL_LOGOUT, actor(client))
                .named(new OperationId(bits.getLong(), bits.getLong()));
    }

    /** A pseudonym: it is stored in clear. */
    private static Actor actor(ClientId client) {
        String key = HexFormat.of().formatHex(client.key().toBytes());
        return new Actor(Actor.Kind.ADMIN, "via:" + key.substring(0, 16));
    }

    private static RefusedRequestException malformed() {
        return RefusedRequestException.malformed("sub_id is missing, malformed or of a format that is not known here");
    }

    /** Collects the settings of a {@link GlobalRevocationEndpoint}. Confined to one thread. */
    public static final class Builder {
        private final SessionService service;
        private final ClientAuthenticator callers;
        private final RevocationSubjectResolver subjects;
        private Clock clock = Clock.systemUTC();
        private String challengeRealm = "oauth";

        private Builder(SessionService service, ClientAuthenticator callers, RevocationSubjectResolver subjects) {
            this.service = Objects.requireNonNull(service, "service");
            this.callers = Objects.requireNonNull(callers, "callers");
            this.subjects = Objects.requireNonNull(subjects, "subjects");
        }

        /**
         * Sets the clock by which requests without an assertion are told apart.
         *
         * @param value the system's by default
         * @return this
         */
        public Builder clock(Clock value) {
            this.clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /**
         * Names the realm of challenges ({@code WWW-Authenticate}), which is no realm of sessions.
         *
         * @param name visible ASCII characters and spaces; {@code oauth} by default
         * @return this
         */
        public Builder challengeRealm(String name) {
            this.challengeRealm = Callers.requireRealm(name);
            return this;
        }

        /**
         * Makes the endpoint.
         *
         * @return an endpoint for all threads
         */
        public GlobalRevocationEndpoint build() {
            return new GlobalRevocationEndpoint(this);
        }
    }
}
