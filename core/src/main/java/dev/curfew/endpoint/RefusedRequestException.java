package dev.curfew.endpoint;

import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import java.util.Objects;

/** The end of a call that cannot be answered as the caller wishes; holds nothing of the request. */
public final class RefusedRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient EndpointResponse answer;

    public RefusedRequestException(EndpointResponse answer) {
        // A client's mistake is not worth a stack trace.
        super("answered " + Objects.requireNonNull(answer, "answer").status(), null, false, false);
        this.answer = answer;
    }

    /** An error as RFC 6749 §5.2 writes it. */
    public static RefusedRequestException of(int status, String error, String description, HeaderField... more) {
        return new RefusedRequestException(EndpointAnswers.error(status, error, description, more));
    }

    /** 400 {@code invalid_request}. */
    public static RefusedRequestException malformed(String description) {
        return of(400, "invalid_request", description);
    }

    /** 405. */
    public static RefusedRequestException methodNotAllowed(String allowed) {
        return of(405, "invalid_request", "the method is not " + allowed, new HeaderField("Allow", allowed));
    }

    public EndpointResponse answer() {
        return answer;
    }
}
