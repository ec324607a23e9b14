package dev.curfew.http;

import dev.curfew.event.RequestContext;
import dev.curfew.token.Caller;
import java.util.Optional;

/** What a host's filter is to do with a request. Immutable. */
public sealed interface FilterResult {
    /**
     * The request is answered, by an endpoint or by a refusal: nobody else is to see it.
     *
     * @param response to write as it is
     */
    record Answered(EndpointResponse response) implements FilterResult {}

    /**
     * The request goes on to the host's own resource.
     *
     * @param caller authentic, within its times, and not revoked; nothing only where the path is open and no good
     *     credential came
     * @param context from where the request came, and its name in logs: the rest of the request is best done between
     *     {@link RequestContext#open()} and the close of that scope, so that events of what it does can be found
     */
    record Passed(Optional<Caller> caller, RequestContext context) implements FilterResult {}
}
