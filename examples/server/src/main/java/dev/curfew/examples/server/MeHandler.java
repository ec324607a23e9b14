package dev.curfew.examples.server;

import dev.curfew.http.AuthenticationResult;
import dev.curfew.http.EndpointRequest;
import dev.curfew.session.SubjectId;
import dev.curfew.token.Caller;
import java.util.LinkedHashMap;
import java.util.Map;

/** A resource of the host that only somebody with a token may see: every protected resource begins like this one. */
final class MeHandler implements Handler {
    private final CurfewSetup curfew;

    MeHandler(CurfewSetup curfew) {
        this.curfew = curfew;
    }

    @Override
    public Reply handle(EndpointRequest request) {
        AuthenticationResult result = curfew.endpoints().authentication().authenticate(request);
        if (result instanceof AuthenticationResult.Refused refused) {
            return Reply.of(refused.response());
        }
        Caller caller = ((AuthenticationResult.Authenticated) result).caller();
        Map<String, Object> me = new LinkedHashMap<>();
        me.put("user", caller.subject().map(SubjectId::value).orElse(""));
        me.put(
                "session",
                caller.session().map(session -> session.handle().value()).orElse(""));
        return Reply.json(200, me);
    }
}
