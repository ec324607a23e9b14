package dev.curfew.examples.server;

import dev.curfew.http.EndpointRequest;
import java.util.Map;

/**
 * Tells a page that remembers nothing how this browser stays signed in, so that nobody signs in once more without need.
 * It looks at which cookies there are, which no script can, and not at what they are worth.
 */
final class StayHandler implements Handler {
    @Override
    public Reply handle(EndpointRequest request) {
        return Reply.json(200, Map.of("stay", stay(request)));
    }

    private static String stay(EndpointRequest request) {
        if (!request.cookies(DemoCookies.REFRESH.name()).isEmpty()) {
            return "refresh";
        }
        return request.cookies(DemoCookies.SESSION.name()).isEmpty() ? "" : "cookie";
    }
}
