package dev.curfew.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;

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

    /**
     * An answer, for endpoints of a host's own.
     *
     * @param status 200 to 599
     * @param headers all lines in their order, {@code Content-Type} included
     * @param body copied; empty for none
     * @return the answer
     * @throws IllegalArgumentException if the status is out of range
     */
    public static EndpointResponse of(int status, List<HeaderField> headers, byte[] body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be 200 to 599, and is " + status);
        }
        return new EndpointResponse(status, headers, body);
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

    /**
     * Writes status and header lines; the {@link #body} is left to be written. The first line of a name takes the place
     * of what a framework has set before, its {@code Content-Type} above all; further ones are added, and cookies
     * always are.
     *
     * @param statusTo takes the status
     * @param setTo takes a header line in place of all of its name
     * @param addTo takes a header line beside those of its name
     */
    public void writeHead(IntConsumer statusTo, BiConsumer<String, String> setTo, BiConsumer<String, String> addTo) {
        statusTo.accept(status);
        Set<String> written = new HashSet<>(Set.of("set-cookie"));
        for (HeaderField header : headers) {
            boolean isFirst = written.add(header.name().toLowerCase(Locale.ROOT));
            (isFirst ? setTo : addTo).accept(header.name(), header.value());
        }
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
