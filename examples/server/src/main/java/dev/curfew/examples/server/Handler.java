package dev.curfew.examples.server;

import dev.curfew.http.EndpointRequest;

/** Answers the requests of one path and method: values in, values out. */
@FunctionalInterface
interface Handler {
    /**
     * Answers a request.
     *
     * @throws Refusal if it cannot be answered
     */
    Reply handle(EndpointRequest request);
}
