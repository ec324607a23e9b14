package dev.curfew.spring;

import dev.curfew.http.EndpointResponse;

/** A controller demands a caller on a path that is open, and none has come. */
final class NoCallerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient EndpointResponse answer;

    NoCallerException(EndpointResponse answer) {
        super("this needs a caller, and the request has none");
        this.answer = answer;
    }

    EndpointResponse answer() {
        return answer;
    }
}
