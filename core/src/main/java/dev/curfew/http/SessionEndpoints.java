package dev.curfew.http;

import dev.curfew.RevocationOutcome;
import dev.curfew.SessionService;
import dev.curfew.http.TokenReader.Purpose;
import dev.curfew.session.CurfewException;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.SessionLabel;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.subject.RenameOutcome;
import dev.curfew.token.Caller;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints: log out, end one session, end all others, list them, name one, and refresh. Thread-safe; one for each
 * application.
 *
 * <p>No method throws for anything that a client or an outage can cause: each such thing has its answer. What is
 * acknowledged was revoked before the answer is returned. What is let pass is a sign of life of its session, which is
 * written at most once a minute and never waited for ({@link SessionEndpointsBuilder#withoutTouch}). Cookies are
 * cleared by {@link #logout}, and by {@link #revokeSession} on the current session, and by nothing else; one is set by
 * {@link #refresh}, and by nothing else.
 */
public final class SessionEndpoints {
    private final SessionService service;
    private final Authenticator authenticator;
    private final CallLimits limits;
    private final Answers answers;
    private final FailureMapper failures;
    private final BearerAuthentication authentication;

    /** Hears of each request whose caller lives on. */
    private final Consumer<Caller> seen;

    private final SessionIdErrors idErrors;
    private final RequestBody body;
    private final @Nullable TokenRefresh refresh;
    private final @Nullable ProofDemand proof;

    SessionEndpoints(
            SessionEndpointsBuilder settings, SessionService service, Authenticator authenticator, CallLimits limits) {
        this.service = service;
        this.authenticator = authenticator;
        this.limits = limits;
        this.answers = new Answers(settings.answers);
        this.failures = new FailureMapper(answers);
        this.seen = settings.touches ? service::touchLater : caller -> {};
        this.authentication = new BearerAuthentication(authenticator, failures, seen);
        this.idErrors = settings.idErrors;
        this.body = new RequestBody(settings.maxBodyBytes);
        this.refresh = settings.refresh(service, body, limits, answers);
        this.proof = settings.proof();
    }

    /** {@return a builder that demands a service and a verifier} */
    public static SessionEndpointsBuilder builder() {
        return new SessionEndpointsBuilder();
    }

    /** {@return the same authentication for the host's own resources, the same at each call} */
    public BearerAuthentication authentication() {
        return authentication;
    }

    /**
     * {@code POST}: ends the session of the token in the {@code Authorization} header, the credential cookie or the
     * body ({@code {"token":"…"}}). One round trip, or two to three for a session token. An expired token still ends
     * its session, and is then answered as expired; a session token that was exchanged for another one does too. If
     * several tokens come, they must be of one session, else nothing is revoked. Without any, or with a bad cookie
     * alone, the refresh cookie ends its session, and is cleared if it did. With the credential cookie alone, the
     * refresh cookie ends its session too, if that is another one: two more round trips. With a token in header or
     * body, a refresh cookie of another session stays, and so does that session.
     *
     * @param request what was received
     * @return the answer; after a failure of the store nothing is cleared, so that the client can try again
     */
    public EndpointResponse logout(EndpointRequest request) {
        return failures.answer("logout", request, () -> {
            requireMethod(request, "POST", "POST");
            Credentials credentials = authenticator.credentials(request, body.text(request, "token"));
            Presented presented = identify(request, credentials);
            return counted(
                    limits.logout(presented.owner().credential()),
                    () -> endCurrent(request, presented, credentials.areCookieOnly()));
        });
    }

    /**
     * Answers a request in which the host's own call of Curfew has failed, as the endpoints answer such a failure: an
     * outage with 503 or 500, as the profile says, and never as a bad token; a
     * {@link dev.curfew.token.ReauthenticationRequiredException} with its challenge; all else with 500. It is logged.
     *
     * @param request what was received
     * @param failure what the call has thrown
     * @return the answer, which touches no cookie
     */
    public EndpointResponse failed(EndpointRequest request, CurfewException failure) {
        Objects.requireNonNull(failure, "failure");
        return failures.answer("request", request, () -> {
            throw failure;
        });
    }

    /** {@return how many bytes a body may have: a host need not read more than one byte beyond} */
    public int maxBodyBytes() {
        return body.maxBytes();
    }

    /** {@return whether there is a {@link #refresh}} */
    boolean hasRefresh() {
        return refresh != null;
    }

    /**
     * {@code POST}: exchanges a refresh token for an access token and its own successor. Two round trips, three if the
     * token was exchanged before and its session ends for that; none for what is no token.
     *
     * <p>The refresh token comes in the refresh cookie or in the body ({@code {"refreshToken":"…"}}), and its
     * successor goes the same way. The member {@code scope} may ask for less than was granted. A client that sends the
     * header {@code Idempotency-Key}, drawn anew for each refresh, can repeat a refresh whose answer it did not get.
     *
     * @param request what was received
     * @return the answer; one that is not good touches no cookie
     * @throws IllegalStateException if the endpoints were made without {@link SessionEndpointsBuilder#refresh}
     */
    public EndpointResponse refresh(EndpointRequest request) {
        TokenRefresh configured = refresh;
        if (configured == null) {
            throw new IllegalStateException("refresh(request) needs SessionEndpointsBuilder.refresh(...)");
        }
        return failures.answer("refresh", request, () -> {
            requireMethod(request, "POST", "POST");
            return configured.refresh(request);
        });
    }

    /**
     * {@code DELETE} of one session, whose id is {@link EndpointRequest#pathId()}. One round trip; none for the id if
     * it is malformed. The current session is ended as by {@link #logout}.
     *
     * <p>Whether the caller is revoked is tested in the atomic step that revokes, so that a malformed id, which needs
     * no such step, is answered alike to everybody with an authentic token.
     *
     * @param request what was received; a body is ignored
     * @return the answer
     */
    public EndpointResponse revokeSession(EndpointRequest request) {
        return failures.answer("revokeSession", request, () -> {
            requireMethod(request, "DELETE", "DELETE, PATCH");
            body.requireBound(request);
            Presented presented = authenticator.usable(request);
            boolean isOfCookies = authenticator.credentials(request, null).areCookieOnly();
            Caller caller = presented.caller();
            String id = request.pathId().orElse("");
            boolean isCurrent = caller.session()
                    .filter(current -> current.handle().value().equals(id))
                    .isPresent();
            return isCurrent
                    ? counted(
                            limits.logout(presented.owner().credential()),
                            () -> endCurrent(request, presented, isOfCookies))
                    : counted(limits.revoke(caller, request), () -> {
                        requireProof(presented);
                        return endOther(request, caller, id);
                    });
        });
    }

    /**
     * {@code PATCH} of one session, whose id is {@link EndpointRequest#pathId()}: names it for people, by the body
     * {@code {"label":"…"}}; an empty label takes the name away. What {@link dev.curfew.Subjects#rename} costs; no
     * round trip for a label that breaks a rule.
     *
     * @param request what was received
     * @return the answer; an unknown, a foreign, an ended and a malformed id are answered alike, unless
     *     {@link SessionEndpointsBuilder#errors} says otherwise
     */
    public EndpointResponse renameSession(EndpointRequest request) {
        return failures.answer("renameSession", request, () -> {
            requireMethod(request, "PATCH", "DELETE, PATCH");
            body.requireBound(request);
            Caller caller = authenticator.usable(request).caller();
            return counted(
                    limits.list(caller, request),
                    () -> rename(request, caller, request.pathId().orElse("")));
        });
    }

    /**
     * {@code DELETE} of the collection: ends all of the caller's sessions but the current one. One round trip.
     *
     * @param request what was received; a body is ignored
     * @return the answer; 409 if the token names no session, and then nothing is revoked
     */
    public EndpointResponse revokeOtherSessions(EndpointRequest request) {
        return failures.answer("revokeOtherSessions", request, () -> {
            requireMethod(request, "DELETE", "GET, DELETE");
            body.requireBound(request);
            Presented presented = authenticator.usable(request);
            Caller caller = presented.caller();
            return counted(limits.revokeOthers(caller), () -> {
                requireProof(presented);
                return endOthers(request, caller);
            });
        });
    }

    /**
     * {@code GET} of the collection: the caller's live sessions, the one that began last in front, the current one
     * flagged, and on the first page wherever it stands
     * ({@link SessionService#listSessions(Caller, ListQuery)}). Two round trips, or three if the current one is
     * not among those of the first page. The parameters {@code limit} (1 to 1,000, which is the default) and
     * {@code cursor} (the {@code next} of the page before) ask for a page.
     *
     * @param request what was received
     * @return the answer, which holds no secret
     */
    public EndpointResponse listSessions(EndpointRequest request) {
        return failures.answer("listSessions", request, () -> {
            requireMethod(request, "GET", "GET, DELETE");
            body.requireBound(request);
            Presented presented = authenticator.usable(request);
            return counted(limits.list(presented.caller(), request), () -> list(request, presented));
        });
    }

    /** The answer tells what is left of the quota, be it good or bad. */
    private EndpointResponse counted(CallCount count, FailureMapper.Call<EndpointResponse> call) throws Rejection {
        try {
            return answers.counted(call.run(), count);
        } catch (Rejection rejection) {
            throw rejection.counted(count);
        }
    }

    /**
     * A cookie that holds a bad token is cleared, because the browser would only send it again; not so one beside a bad
     * token, whose session lives on. The refresh cookie is asked where nothing else is good.
     */
    private Presented identify(EndpointRequest request, Credentials credentials) throws Rejection {
        Presented holder = credentials.isEmpty() ? ofRefreshCookie(request) : null;
        if (holder != null) {
            return holder;
        }
        try {
            return authenticator.authentic(request, credentials, Purpose.LOGOUT);
        } catch (Rejection rejection) {
            boolean isBad = rejection.problem() == ProblemType.TOKEN_INVALID;
            if (!credentials.areCookieOnly() || !isBad && rejection.problem() != ProblemType.TOO_MANY_CALLS) {
                throw rejection;
            }
            Presented other = ofRefreshCookie(request);
            if (other != null) {
                return other;
            }
            throw isBad ? rejection.clearing(Clearing.ALL) : rejection;
        }
    }

    private @Nullable Presented ofRefreshCookie(EndpointRequest request) throws Rejection {
        return refresh == null ? null : refresh.ofCookie(request);
    }

    private void requireProof(Presented presented) throws Rejection {
        if (proof != null) {
            proof.require(presented);
        }
    }

    private EndpointResponse endCurrent(EndpointRequest request, Presented presented, boolean isOfCookies)
            throws Rejection {
        Ending ending = presented.end();
        Clearing clearing = Clearing.ALL;
        if (refresh != null && isOfCookies && ending != Ending.REFUSED) {
            // Who sends nothing but cookies wants the browser to be signed out, whatever it holds.
            refresh.endOfCookies(request, presented.owner());
        } else if (refresh != null && refresh.isCookieOfOther(request, presented.owner())) {
            // It may be that of a later login, whose session lives on.
            clearing = Clearing.CREDENTIAL;
        }
        return switch (ending) {
            case ENDED -> answers.loggedOut(request, clearing);
            case ENDED_EXPIRED -> throw Rejection.of(ProblemType.TOKEN_EXPIRED).clearing(clearing);
            case WAS_OVER -> {
                if (answers.profile() == Profile.GUIDE) {
                    throw Rejection.of(ProblemType.TOKEN_INVALID).clearing(clearing);
                }
                yield answers.loggedOut(request, clearing);
            }
            case REFUSED -> throw Rejection.of(ProblemType.TOKEN_INVALID);
        };
    }

    private EndpointResponse list(EndpointRequest request, Presented presented) throws Rejection {
        ListQuery query = SessionPages.query(request);
        presented.requireActive();
        Caller caller = presented.caller();
        seen.accept(caller);
        return answers.document(request, json -> SessionPages.write(json, service.listSessions(caller, query)));
    }

    private EndpointResponse endOthers(EndpointRequest request, Caller caller) throws Rejection {
        RevocationOutcome outcome = service.revokeOtherSessions(caller);
        if (outcome.recorded().isPresent()) {
            seen.accept(caller);
            RevocationOutcome.Revoked revoked = outcome.recorded().get();
            OptionalLong count = revoked.count();
            return answers.done(
                    request,
                    "sessions.revoked",
                    json -> count.isPresent() ? json.with("revoked", count.getAsLong()) : json);
        }
        throw outcome instanceof RevocationOutcome.NoCurrentSession
                ? Rejection.of(ProblemType.NO_CURRENT_SESSION)
                : revoked(outcome);
    }

    private EndpointResponse endOther(EndpointRequest request, Caller caller, String id) throws Rejection {
        RevocationOutcome outcome = service.revokeSession(caller, id);
        if (outcome.recorded().isPresent()) {
            seen.accept(caller);
            return answers.done(request, "session.revoked", json -> json.with("id", id));
        }
        throw outcome instanceof RevocationOutcome.CallerRevoked
                ? revoked(outcome)
                : Rejection.of(problemWith(caller, id));
    }

    private static Rejection revoked(RevocationOutcome outcome) {
        return Rejection.revoked(
                outcome instanceof RevocationOutcome.CallerRevoked refused
                        ? refused.by().reason()
                        : null);
    }

    private EndpointResponse rename(EndpointRequest request, Caller caller, String id) throws Rejection {
        String label = requireLabel(body.text(request, "label"));
        RenameOutcome outcome = service.subjects().rename(caller, id, label);
        if (outcome instanceof RenameOutcome.Renamed) {
            seen.accept(caller);
            return answers.done(
                    request, "session.renamed", json -> json.with("id", id).with("label", label));
        }
        throw outcome instanceof RenameOutcome.CallerRevoked refused
                ? Rejection.revoked(refused.reason())
                : Rejection.of(problemWith(caller, id));
    }

    private static String requireLabel(@Nullable String label) throws Rejection {
        if (label == null) {
            throw Rejection.of(ProblemType.REQUEST_MALFORMED);
        }
        try {
            return label.isEmpty() ? label : SessionLabel.require(label);
        } catch (InvalidIdentifierException e) {
            throw Rejection.of(ProblemType.LABEL_INVALID);
        }
    }

    private ProblemType problemWith(Caller caller, String id) {
        if (idErrors == SessionIdErrors.MASKED) {
            return ProblemType.SESSION_ID_INVALID;
        }
        Optional<FoundSession> found = caller.sessionNamed(id).flatMap(service::findSession);
        return found.filter(session -> !isOf(caller, session)).isPresent()
                ? ProblemType.SESSION_FOREIGN
                : ProblemType.SESSION_NOT_FOUND;
    }

    /** One of the caller's own, which is over. */
    private static boolean isOf(Caller caller, FoundSession found) {
        return found.session().subjectKey().equals(caller.facts().subjectKey());
    }

    private static void requireMethod(EndpointRequest request, String method, String allow) throws Rejection {
        if (!request.method().equals(method)) {
            throw Rejection.methodNotAllowed(allow);
        }
    }
}
