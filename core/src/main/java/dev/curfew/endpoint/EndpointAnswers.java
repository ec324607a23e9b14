package dev.curfew.endpoint;

import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import dev.curfew.jose.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Makes answers of JSON or of nothing, which nobody may keep. */
public final class EndpointAnswers {
    /** When to try again after an outage. */
    private static final HeaderField RETRY_AFTER = new HeaderField("Retry-After", "2");

    private static final HeaderField NO_STORE = new HeaderField("Cache-Control", "no-store");
    private static final HeaderField JSON = new HeaderField("Content-Type", "application/json");
    private static final byte[] NO_BODY = new byte[0];

    private EndpointAnswers() {}

    /** An answer without a body. */
    public static EndpointResponse empty(int status) {
        return EndpointResponse.of(status, List.of(NO_STORE), NO_BODY);
    }

    /** An answer of one JSON object. */
    public static EndpointResponse json(int status, JsonObject body, HeaderField... more) {
        return json(status, body.bytes(), List.of(more));
    }

    /** An answer of one JSON object that is written already. */
    public static EndpointResponse json(int status, byte[] body, List<HeaderField> more) {
        return body(status, JSON, body, more);
    }

    /** An answer of another media type. */
    public static EndpointResponse body(int status, HeaderField contentType, byte[] body, List<HeaderField> more) {
        List<HeaderField> headers = new ArrayList<>(List.of(contentType, NO_STORE));
        headers.addAll(more);
        return EndpointResponse.of(status, headers, body);
    }

    /** An error as RFC 6749 §5.2 writes it. */
    public static EndpointResponse error(int status, String error, String description, HeaderField... more) {
        return json(status, new JsonObject().with("error", error).with("error_description", description), more);
    }

    /** Nobody can say in time. */
    public static EndpointResponse unavailable() {
        return error(503, "temporarily_unavailable", "nobody can say just now: try again", RETRY_AFTER);
    }
}
