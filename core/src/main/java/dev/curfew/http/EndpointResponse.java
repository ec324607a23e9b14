package dev.curfew.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a host is to answer: write the status, then every header line in its order, then the body. Immutable.
 */
public final class EndpointResponse {
    private final int status;
    private final List<HeaderField> headers;
    private final byte[] body;

    EndpointResponse(int status, List<HeaderField> headers, byte[] body) {
        this.status = status;
        this.headers = List.copyOf(headers);
        this.body = body.clone();
    }

    /** {@return the status, 200 to 503} */
    public int status() {
        return status;
    }

    /**
     * All header lines. A name may come more than once, {@code Set-Cookie} above all: never join them.
     *
     * @return an unmodifiable list
     */
    public List<HeaderField> headers() {
        return headers;
    }

    /**
     * The values of a header.
     *
     * @param name in any case
     * @return one for each line
     */
    public List<String> headers(String name) {
        return headers.stream()
                .filter(header -> header.isNamed(name))
                .map(HeaderField::value)
                .toList();
    }

    /**
     * The value of a header that comes at most once.
     *
     * @param name in any case
     * @return the first value, if there is one
     */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** {@return a copy of the body, empty for 204} */
    public byte[] body() {
        return body.clone();
    }

    /** {@return the body, which is always UTF-8, as text; empty for 204} */
    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The same answer with more header lines. */
    EndpointResponse with(List<HeaderField> more) {
        List<HeaderField> all = new ArrayList<>(headers);
        all.addAll(more);
        return new EndpointResponse(status, all, body);
    }

    /** The status alone. */
    @Override
    public String toString() {
        return "EndpointResponse[" + status + "]";
    }
}
