package dev.curfew.deliver;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What is to be sent to another party. Immutable; {@code toString} tells the method alone. */
public final class OutgoingRequest {
    private static final int USUAL_ANSWER = 64 * 1024;
    private static final int LARGEST_ANSWER = 16 * 1024 * 1024;

    /** RFC 9110 sections 5.1 and 5.5. */
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7E\\t]*");

    /** What HTTP itself writes, and a caller must not. */
    private static final Set<String> RESERVED =
            Set.of("connection", "content-length", "cookie", "expect", "host", "transfer-encoding", "upgrade");

    private final String method;
    private final URI uri;
    private final byte[] body;
    private final Map<String, String> headers;
    private final int maxAnswerBytes;

    private OutgoingRequest(String method, URI uri, byte[] body, Map<String, String> headers, int maxAnswerBytes) {
        this.method = method;
        this.uri = uri;
        this.body = body;
        this.headers = headers;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /**
     * Begins a GET.
     *
     * @param uri of https; whether it may be asked is judged when it is sent
     * @return a request without any header of its own
     */
    public static OutgoingRequest get(URI uri) {
        return new OutgoingRequest("GET", Objects.requireNonNull(uri, "uri"), new byte[0], Map.of(), USUAL_ANSWER);
    }

    /**
     * Begins a POST.
     *
     * @param uri of https; whether it may be asked is judged when it is sent
     * @param contentType of the body
     * @param body copied
     * @return a request without any other header
     */
    public static OutgoingRequest post(URI uri, String contentType, byte[] body) {
        return new OutgoingRequest("POST", Objects.requireNonNull(uri, "uri"), body.clone(), Map.of(), USUAL_ANSWER)
                .header("Content-Type", contentType);
    }

    /**
     * Adds a header, or replaces it. No other is sent but those that HTTP itself needs: no cookie, and no
     * {@code Authorization} that is not set here.
     *
     * @param name of the header
     * @param value of it; may be a secret
     * @return a new request
     * @throws IllegalArgumentException if it is no header, or one that HTTP itself writes; the message does not repeat
     *     the value
     */
    public OutgoingRequest header(String name, String value) {
        if (!NAME.matcher(name).matches() || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("header: \"" + name + "\" is no name of a header that can be set here");
        }
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("header: the value of " + name + " is not printable ASCII");
        }
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, value);
        return new OutgoingRequest(method, uri, body, more, maxAnswerBytes);
    }

    /**
     * Bounds the body of the answer, which is read no further; 64 KiB by default.
     *
     * @param bytes 0 to 16 MiB
     * @return a new request
     */
    public OutgoingRequest maxAnswerBytes(int bytes) {
        if (bytes < 0 || bytes > LARGEST_ANSWER) {
            throw new IllegalArgumentException("maxAnswerBytes must be 0 to 16 MiB, and is " + bytes);
        }
        return new OutgoingRequest(method, uri, body, headers, bytes);
    }

    String method() {
        return method;
    }

    URI uri() {
        return uri;
    }

    byte[] body() {
        return body;
    }

    Map<String, String> headers() {
        return headers;
    }

    int maxAnswerBytes() {
        return maxAnswerBytes;
    }

    @Override
    public String toString() {
        return "OutgoingRequest[" + method + "]";
    }
}
