package dev.curfew.examples.provider;

import dev.curfew.http.AuthenticationResult;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.token.Caller;
import java.util.Optional;

/** The way out: ends the sign-on, then tells the applications that began from it. Thread-safe. */
final class SignOut {
    private final CurfewSetup curfew;
    private final BackChannel backChannel;

    SignOut(CurfewSetup curfew, BackChannel backChannel) {
        this.curfew = curfew;
        this.backChannel = backChannel;
    }

    /** {@code GET /}: who is signed in here, with a button; a link alone must sign nobody out. */
    EndpointResponse show(EndpointRequest request) {
        return findCaller(request)
                .flatMap(Caller::subject)
                .map(subject -> Answers.page(200, Pages.signedIn(subject.value())))
                .orElseGet(() -> Answers.page(
                        200, Pages.message("Nobody is signed in", "An application sends you here to sign in.")));
    }

    /** {@code POST /logout}. Curfew's endpoint refuses what another site has sent, and says so of an outage. */
    EndpointResponse logout(EndpointRequest request) {
        Optional<Caller> caller = findCaller(request);
        EndpointResponse ended = curfew.here.logout(request);
        if (ended.status() >= 300) {
            return ended;
        }
        Optional<SubjectId> subject = caller.flatMap(Caller::subject);
        Optional<SessionRef> session = caller.flatMap(Caller::session);
        if (subject.isPresent() && session.isPresent()) {
            backChannel.tell(subject.get(), session.get().handle());
        }
        return Answers.page(
                200,
                Pages.message("Signed out", "You are signed out here and of the applications."),
                ended.headers("Set-Cookie").stream()
                        .map(value -> new HeaderField("Set-Cookie", value))
                        .toArray(HeaderField[]::new));
    }

    private Optional<Caller> findCaller(EndpointRequest request) {
        return curfew.here.authentication().authenticate(request)
                        instanceof AuthenticationResult.Authenticated authenticated
                ? Optional.of(authenticated.caller())
                : Optional.empty();
    }
}
