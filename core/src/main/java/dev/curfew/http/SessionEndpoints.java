package dev.curfew.http;

import dev.curfew.RevocationOutcome;
import dev.curfew.SessionService;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.token.Authentic;
import dev.curfew.token.Caller;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The four endpoints: log out, end one session, end all others, list them. Thread-safe; one for each application.
 *
 * <p>No method throws for anything that a client or an outage can cause: each such thing has its answer. What is
 * acknowledged was revoked before the answer is returned. What is let pass is a sign of life of its session, which is
 * written at most once a minute and never waited for ({@link SessionEndpointsBuilder#withoutTouch}). Cookies are
 * cleared by {@link #logout}, and by {@link #revokeSession} on the current session, and by nothing else.
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
     * body ({@code {"token":"…"}}). One round trip. An expired token still ends its session, and is then answered as
     * expired. If several tokens come, they must be of one session, else nothing is revoked.
     *
     * @param request what was received
     * @return the answer; after a failure of the store nothing is cleared, so that the client can try again
     */
    public EndpointResponse logout(EndpointRequest request) {
        return failures.answer("logout", request, () -> {
            requireMethod(request, "POST", "POST");
            Credentials credentials = authenticator.credentials(request, body.text(request, "token"));
            Authentic caller = identify(request, credentials);
            return counted(limits.logout(caller), () -> endCurrent(request, caller));
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
            requireMethod(request, "DELETE", "DELETE");
            body.requireBound(request);
            Caller caller = authenticator.usable(request);
            String id = request.pathId().orElse("");
            boolean isCurrent = caller.session()
                    .filter(current -> current.handle().value().equals(id))
                    .isPresent();
            return isCurrent
                    ? counted(limits.logout(caller), () -> endCurrent(request, caller))
                    : counted(limits.revoke(caller, request), () -> endOther(request, caller, id));
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
            Caller caller = authenticator.usable(request);
            return counted(limits.revokeOthers(caller), () -> endOthers(request, caller));
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
            Caller caller = authenticator.usable(request);
            return counted(limits.list(caller, request), () -> list(request, caller));
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
     * token, whose session lives on.
     */
    private Authentic identify(EndpointRequest request, Credentials credentials) throws Rejection {
        try {
            return authenticator.authentic(request, credentials);
        } catch (Rejection rejection) {
            throw rejection.problem() == ProblemType.TOKEN_INVALID && credentials.areCookieOnly()
                    ? rejection.clearingCookies()
                    : rejection;
        }
    }

    private EndpointResponse endCurrent(EndpointRequest request, Authentic caller) throws Rejection {
        RevocationOutcome outcome = service.logout(caller);
        boolean wasRevoked = outcome instanceof RevocationOutcome.CallerRevoked;
        if (outcome instanceof RevocationOutcome.CallerRevoked refused && !isOver(caller, refused)) {
            throw Rejection.of(ProblemType.TOKEN_INVALID);
        }
        if (!(caller instanceof Caller)) {
            throw Rejection.clearingCookies(ProblemType.TOKEN_EXPIRED);
        }
        if (wasRevoked && answers.profile() == Profile.GUIDE) {
            throw Rejection.clearingCookies(ProblemType.TOKEN_INVALID);
        }
        return answers.loggedOut(request);
    }

    /** A token that was revoked by itself, or with its key, cannot end the session, which lives on. */
    private static boolean isOver(Authentic caller, RevocationOutcome.CallerRevoked refused) {
        return caller.session().isEmpty() || refused.by().target().kind().coversSessions();
    }

    private EndpointResponse list(EndpointRequest request, Caller caller) throws Rejection {
        ListQuery query = SessionPages.query(request);
        authenticator.requireActive(caller);
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
        throw Rejection.of(
                outcome instanceof RevocationOutcome.NoCurrentSession
                        ? ProblemType.NO_CURRENT_SESSION
                        : ProblemType.TOKEN_INVALID);
    }

    private EndpointResponse endOther(EndpointRequest request, Caller caller, String id) throws Rejection {
        RevocationOutcome outcome = service.revokeSession(caller, id);
        if (outcome.recorded().isPresent()) {
            seen.accept(caller);
            return answers.done(request, "session.revoked", json -> json.with("id", id));
        }
        throw Rejection.of(
                outcome instanceof RevocationOutcome.CallerRevoked
                        ? ProblemType.TOKEN_INVALID
                        : problemWith(caller, id));
    }

    private ProblemType problemWith(Caller caller, String id) {
        if (idErrors == SessionIdErrors.MASKED) {
            return ProblemType.SESSION_ID_INVALID;
        }
        Optional<FoundSession> found = caller.sessionNamed(id).flatMap(service::findSession);
        return found.isPresent() ? ProblemType.SESSION_FOREIGN : ProblemType.SESSION_NOT_FOUND;
    }

    private static void requireMethod(EndpointRequest request, String method, String allow) throws Rejection {
        if (!request.method().equals(method)) {
            throw Rejection.methodNotAllowed(allow);
        }
    }
}
