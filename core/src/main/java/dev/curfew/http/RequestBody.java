package dev.curfew.http;

import dev.curfew.jose.NotStrictJsonException;
import dev.curfew.jose.StrictJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in the body of a request: a JSON object of strings, numbers and words. Immutable.
 *
 * @param maxBytes of a body
 */
record RequestBody(int maxBytes) {
    void requireBound(EndpointRequest request) throws Rejection {
        if (request.bodyLength() > maxBytes) {
            throw Rejection.of(ProblemType.BODY_TOO_LARGE);
        }
    }

    /** The member of that name, which must be a string if it is there; null if there is none, or no body. */
    @Nullable
    String text(EndpointRequest request, String member) throws Rejection {
        return text(object(request), member);
    }

    /** All members; none if there is no body. */
    Map<String, @Nullable Object> object(EndpointRequest request) throws Rejection {
        requireBound(request);
        if (request.bodyLength() == 0) {
            return Map.of();
        }
        if (!request.hasMediaType("application/json")) {
            throw Rejection.of(ProblemType.MEDIA_TYPE_UNSUPPORTED);
        }
        return members(request.body());
    }

    /** The member of that name, which must be a string if it is there; null if there is none. */
    static @Nullable String text(Map<String, @Nullable Object> members, String name) throws Rejection {
        if (!members.containsKey(name)) {
            return null;
        }
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw Rejection.of(ProblemType.REQUEST_MALFORMED);
    }

    private static Map<String, @Nullable Object> members(byte[] body) throws Rejection {
        try {
            return StrictJson.flatObject(body);
        } catch (NotStrictJsonException e) {
            throw Rejection.of(ProblemType.REQUEST_MALFORMED);
        }
    }
}
