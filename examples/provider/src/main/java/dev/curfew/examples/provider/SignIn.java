package dev.curfew.examples.provider;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult;
import dev.curfew.http.AuthenticationResult;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import dev.curfew.http.UnreadableFormException;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import dev.curfew.token.Caller;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The authorization endpoint: who is signed in here is sent back with a code, everybody else gets the form first. */
final class SignIn {
    private final URI issuer;
    private final CurfewSetup curfew;
    private final RelyingParties parties;
    private final Persons persons;
    private final Codes codes;
    private final BackChannel backChannel;
    private final Clock clock;

    SignIn(
            URI issuer,
            CurfewSetup curfew,
            RelyingParties parties,
            Persons persons,
            Codes codes,
            BackChannel backChannel,
            Clock clock) {
        this.issuer = issuer;
        this.curfew = curfew;
        this.parties = parties;
        this.persons = persons;
        this.codes = codes;
        this.backChannel = backChannel;
        this.clock = clock;
    }

    /** {@code GET /authorize}. */
    EndpointResponse authorize(EndpointRequest request) throws UnreadableFormException {
        AuthorizationRequest asked = AuthorizationRequest.read(Parameters.of(request), parties);
        Optional<String> fault = asked.fault();
        if (fault.isPresent()) {
            return Answers.redirect(asked.redirect(), asked.answer("error", fault.get(), issuer));
        }
        AuthenticationResult who = curfew.here.authentication().authenticate(request);
        if (who instanceof AuthenticationResult.Refused refused
                && refused.response().status() >= 500) {
            // Nobody can say whether this browser is signed in, which is no reason to ask for a password.
            return refused.response();
        }
        Optional<Signed> signed = who instanceof AuthenticationResult.Authenticated authenticated
                ? Signed.of(authenticated.caller())
                : Optional.empty();
        Instant now = clock.instant();
        if (signed.filter(one -> !asked.demandsProof(one.at(), now)).isPresent()) {
            return withCode(asked, signed.get());
        }
        return asked.isSilent()
                ? Answers.redirect(asked.redirect(), asked.answer("error", "login_required", issuer))
                : Answers.page(200, Pages.signIn(asked.values(), ""));
    }

    /** {@code POST /login}: what the form sends. First the attempt, then the password. */
    EndpointResponse login(EndpointRequest request) throws UnreadableFormException {
        requireOurPage(request);
        AuthorizationRequest asked = AuthorizationRequest.read(Parameters.of(request), parties);
        if (asked.fault().isPresent()) {
            throw new Refusal("the form is not one that was shown here");
        }
        String name = request.form().find("username").orElse("");
        String password = request.form().find("password").orElse("");
        SubjectId subject;
        try {
            subject = new SubjectId(CurfewSetup.REALM, name);
        } catch (InvalidIdentifierException e) {
            // A name that no account can have is as wrong as one that none has.
            return again(asked, "The user or the password is wrong.");
        }
        LoginAttempt attempt = curfew.sessions.beginLogin(subject).withSessionToken();
        if (!persons.isRight(name, password)) {
            return again(asked, "The user or the password is wrong.");
        }
        Optional<Caller> before = signedInBefore(request);
        if (before.flatMap(Caller::subject).filter(subject::equals).isPresent()) {
            attempt = attempt.replacing(before.get());
        }
        if (!(attempt.complete(DeviceInfo.unknown()) instanceof LoginResult.LoggedIn in)) {
            return again(asked, "All sessions were just ended. Please sign in again.");
        }
        // Whoever was signed in with this browser is not any more: their sign-on is over everywhere.
        before.ifPresent(this::end);
        Session session = in.session();
        HeaderField cookie = CurfewSetup.COOKIE.set(in.token().orElseThrow().reveal());
        return withCode(asked, new Signed(subject, session.handle(), session.authenticatedAt()), cookie);
    }

    private EndpointResponse withCode(AuthorizationRequest asked, Signed signed, HeaderField... more) {
        String code = codes.issue(new Grant(
                asked.party(),
                asked.redirect(),
                asked.challenge(),
                asked.nonce(),
                asked.scopes(),
                signed.subject(),
                signed.session(),
                signed.at()));
        return Answers.redirect(asked.redirect(), asked.answer("code", code, issuer), more);
    }

    private static EndpointResponse again(AuthorizationRequest asked, String notice) {
        return Answers.page(401, Pages.signIn(asked.values(), notice));
    }

    private Optional<Caller> signedInBefore(EndpointRequest request) {
        return curfew.here.authentication().authenticate(request)
                        instanceof AuthenticationResult.Authenticated authenticated
                ? Optional.of(authenticated.caller())
                : Optional.empty();
    }

    private void end(Caller before) {
        curfew.sessions.logout(before);
        Signed.of(before).ifPresent(one -> backChannel.tell(one.subject(), one.session()));
    }

    /** Else another site signs people in as somebody that it chooses. Every browser says where a form comes from. */
    private void requireOurPage(EndpointRequest request) {
        if (!request.headers("Origin").equals(List.of(issuer.toString()))) {
            throw new Refusal("the form was not sent by a page of this provider (its header Origin)");
        }
    }

    /** A sign-on at this provider. */
    private record Signed(SubjectId subject, SessionHandle session, Instant at) {
        static Optional<Signed> of(Caller caller) {
            return caller.subject()
                    .flatMap(subject -> caller.session()
                            .flatMap(session -> caller.evidence()
                                    .map(evidence -> new Signed(subject, session.handle(), evidence.at()))));
        }
    }
}
