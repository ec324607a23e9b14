package dev.curfew.deliver;

import java.net.http.HttpHeaders;
import java.util.Optional;

/** What another party answered, whatever its status is. Immutable; {@code toString} tells the status alone. */
public final class OutgoingAnswer {
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    OutgoingAnswer(int status, HttpHeaders headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** {@return the status, 200 to 599; a redirect is an answer too, and is not followed} */
    public int status() {
        return status;
    }

    /**
     * A header of the answer.
     *
     * @param name without regard to case
     * @return its first value, or nothing if it is not there
     */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** {@return a copy of the whole body} */
    public byte[] body() {
        return body.clone();
    }

    @Override
    public String toString() {
        return "OutgoingAnswer[" + status + "]";
    }
}
