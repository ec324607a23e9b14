package dev.curfew.examples.server;

import dev.curfew.http.EndpointRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/** Why a request cannot be answered, thrown where that is found out and told to the client in one place. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final Text text;

    Refusal(int status, Text text) {
        super(text.name(), null, false, false);
        this.status = status;
        this.text = text;
    }

    Reply toReply(EndpointRequest request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("success", false);
        answer.put("message", text.answering(request));
        return Reply.json(status, answer);
    }
}
