package dev.curfew.http;

import dev.curfew.event.RequestContext;
import dev.curfew.session.SenderKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a host received, as values. Immutable.
 *
 * <p>Nothing that a client can send makes the builder throw: whatever is wrong becomes an answer. Pass all headers; the
 * endpoints read {@code Accept}, {@code Authorization}, {@code Cookie}, {@code Content-Type}, {@code
 * Accept-Language}, {@code Idempotency-Key}, {@code Origin}, {@code Referer}, {@code Sec-Fetch-Site}, {@code
 * traceparent} and {@code X-Request-Id}. There is no place for a token in the query string.
 */
public final class EndpointRequest {
    /** Longer than any address literal with a zone. */
    private static final int MAX_ADDRESS = 64;

    private final String method;
    private final List<Map.Entry<String, String>> headers;
    private final Map<String, List<String>> queryParameters;
    private final @Nullable String pathId;
    private final @Nullable String clientAddress;
    private final boolean isSecure;
    private final byte[] body;
    private final @Nullable SenderKey senderKey;

    /** Read at most once by each thread that asks; what they read is equal, and immutable. */
    private @Nullable FormParameters form;

    private EndpointRequest(Builder builder) {
        this.method = builder.method;
        this.headers = List.copyOf(builder.headers);
        this.queryParameters = copyOf(builder.queryParameters);
        this.pathId = builder.pathId;
        this.isSecure = builder.isSecure;
        this.body = builder.body;
        this.senderKey = builder.senderKey;
        String address = builder.clientAddress;
        this.clientAddress = address == null
                ? null
                : HttpText.harmless(
                        builder.proxies.clientAddress(address, headers(builder.proxies.headerName())), MAX_ADDRESS);
    }

    /**
     * Starts a request.
     *
     * @param method as it was received; methods are case-sensitive
     * @return a builder
     */
    public static Builder of(String method) {
        return new Builder(method);
    }

    /** {@return the method as it was received} */
    public String method() {
        return method;
    }

    /**
     * The values of a header.
     *
     * @param name in any case
     * @return one for each line, in the order in which they were received, without surrounding white space
     */
    public List<String> headers(String name) {
        List<String> values = new ArrayList<>();
        for (Map.Entry<String, String> header : headers) {
            // Of other scripts there are letters whose case is an ASCII letter.
            if (header.getKey().equalsIgnoreCase(name) && HttpText.isToken(header.getKey())) {
                values.add(HttpText.trim(header.getValue()));
            }
        }
        return List.copyOf(values);
    }

    /**
     * The values of cookies, from all {@code Cookie} headers.
     *
     * @param name case-sensitive
     * @return one for each cookie of that name
     */
    public List<String> cookies(String name) {
        List<String> values = new ArrayList<>();
        for (String header : headers("Cookie")) {
            for (String pair : header.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals >= 0 && HttpText.trim(pair.substring(0, equals)).equals(name)) {
                    values.add(HttpText.trim(pair.substring(equals + 1)));
                }
            }
        }
        return values;
    }

    /**
     * The values of a parameter of the query.
     *
     * @param name case-sensitive
     * @return one for each time that it was given
     */
    public List<String> queryParameters(String name) {
        return queryParameters.getOrDefault(name, List.of());
    }

    /** {@return the id in the path, decoded, or nothing if the path has none} */
    public Optional<String> pathId() {
        return Optional.ofNullable(pathId);
    }

    /**
     * Where the request comes from.
     *
     * @return an address literal, if the host told it; of another text the first 64 characters, without control
     *     characters
     */
    public Optional<String> clientAddress() {
        return Optional.ofNullable(clientAddress);
    }

    /** {@return whether the client used TLS; false if the host did not say so} */
    public boolean isSecure() {
        return isSecure;
    }

    /** {@return a copy of the body, empty if there is none} */
    public byte[] body() {
        return body.clone();
    }

    /**
     * Tells of what media type the body is said to be.
     *
     * @param mediaType in lower case, without parameters
     * @return true if there is one {@code Content-Type}, and it is this one, in any case and with any parameters
     */
    public boolean hasMediaType(String mediaType) {
        return HttpText.isMediaType(headers("Content-Type"), mediaType);
    }

    /**
     * The parameters of a form in the body ({@code application/x-www-form-urlencoded}), read once however often they
     * are asked for.
     *
     * @return all of them
     * @throws UnreadableFormException if the body is no such form, or is longer than
     *     {@link FormParameters#MAX_BYTES}
     */
    public FormParameters form() throws UnreadableFormException {
        FormParameters known = form;
        if (known == null) {
            known = FormParameters.read(this);
            form = known;
        }
        return known;
    }

    /** {@return the key whose possession the host has found to be proven, if it has} */
    public Optional<SenderKey> senderKey() {
        return Optional.ofNullable(senderKey);
    }

    /**
     * From where the request came and its name in logs, as the endpoints tell it in their events: for a host whose own
     * work is to be found there too. A name that the calling thread's {@link RequestContext#current} says already
     * counts first; then its trace, the header {@code X-Request-Id}, and else a new one at each call.
     *
     * @return the context, to be opened around the rest of the request
     */
    public RequestContext context() {
        return CallContext.of(this);
    }

    Builder toBuilder() {
        Builder copy = new Builder(method);
        copy.headers.addAll(headers);
        queryParameters.forEach((name, values) -> values.forEach(value -> copy.queryParameter(name, value)));
        copy.pathId = pathId;
        copy.clientAddress = clientAddress;
        copy.isSecure = isSecure;
        copy.body = body;
        copy.senderKey = senderKey;
        return copy;
    }

    int bodyLength() {
        return body.length;
    }

    /** The method alone: everything else may hold a secret. */
    @Override
    public String toString() {
        return "EndpointRequest[" + (HttpText.isToken(method) ? method : "?") + "]";
    }

    private static Map<String, List<String>> copyOf(Map<String, List<String>> parameters) {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        parameters.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        return Map.copyOf(copy);
    }

    /** Collects the parts of an {@link EndpointRequest}. Confined to one thread. */
    public static final class Builder {
        private static final byte[] NO_BODY = new byte[0];

        private final String method;
        private final List<Map.Entry<String, String>> headers = new ArrayList<>();
        private final Map<String, List<String>> queryParameters = new LinkedHashMap<>();
        private @Nullable String pathId;
        private @Nullable String clientAddress;
        private TrustedProxies proxies = TrustedProxies.none();
        private boolean isSecure;
        private byte[] body = NO_BODY;
        private @Nullable SenderKey senderKey;

        private Builder(String method) {
            this.method = Objects.requireNonNull(method, "method");
        }

        /**
         * Adds a header line.
         *
         * @param name in any case
         * @param value as it was received
         * @return this
         */
        public Builder header(String name, String value) {
            headers.add(Map.entry(name, value));
            return this;
        }

        /**
         * Adds header lines.
         *
         * @param values of each header, in the order in which they were received
         * @return this
         */
        public Builder headers(Map<String, ? extends Iterable<String>> values) {
            values.forEach((name, lines) -> lines.forEach(line -> header(name, line)));
            return this;
        }

        /**
         * Adds header lines, from where they are asked for by name.
         *
         * @param names each once, in any case
         * @param lines answers the values of a header, in the order in which they were received
         * @return this
         */
        public Builder headers(Iterable<String> names, Function<String, ? extends Iterable<String>> lines) {
            names.forEach(name -> lines.apply(name).forEach(line -> header(name, line)));
            return this;
        }

        /**
         * Adds a parameter of the query; only the list of sessions reads any.
         *
         * @param name decoded
         * @param value decoded
         * @return this
         */
        public Builder queryParameter(String name, String value) {
            queryParameters
                    .computeIfAbsent(Objects.requireNonNull(name, "name"), none -> new ArrayList<>())
                    .add(Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets the id in the path.
         *
         * @param value decoded exactly once
         * @return this
         */
        public Builder pathId(String value) {
            this.pathId = Objects.requireNonNull(value, "pathId");
            return this;
        }

        /**
         * Sets where the request comes from, for rate limits and events. Behind a proxy of your own, this is the proxy:
         * use {@link #clientAddress(String, TrustedProxies)}.
         *
         * @param literal an address, not a name
         * @return this
         */
        public Builder clientAddress(String literal) {
            return clientAddress(literal, TrustedProxies.none());
        }

        /**
         * Sets where the request comes from, for rate limits, if it may come by proxies of your own.
         *
         * @param peer the address literal of whoever connected
         * @param trusted whose header is believed; all headers are to be added before {@link #build}
         * @return this
         */
        public Builder clientAddress(String peer, TrustedProxies trusted) {
            this.clientAddress = Objects.requireNonNull(peer, "clientAddress");
            this.proxies = Objects.requireNonNull(trusted, "trusted");
            return this;
        }

        /**
         * Sets whether the client used TLS, be it up to a proxy of your own.
         *
         * @param value false by default
         * @return this
         */
        public Builder secure(boolean value) {
            this.isSecure = value;
            return this;
        }

        /**
         * Sets the body. Stop reading it one byte behind the endpoints' limit: what is longer is refused whatever
         * follows.
         *
         * @param bytes copied
         * @return this
         */
        public Builder body(byte[] bytes) {
            this.body = bytes.clone();
            return this;
        }

        /**
         * Reads the body, up to one byte more than is allowed, so that too much can be told from just enough; the rest
         * is left unread.
         *
         * @param in stays open
         * @param maxBytes {@link SessionEndpoints#maxBodyBytes()}
         * @return this
         * @throws IOException if it cannot be read
         */
        public Builder body(InputStream in, int maxBytes) throws IOException {
            this.body = in.readNBytes((int) Math.min(maxBytes + 1L, Integer.MAX_VALUE));
            return this;
        }

        /**
         * Names the key whose possession the client has proven, by DPoP or mutual TLS; the host has verified the proof.
         * What is bound to a key needs it: an access token with a {@code cnf} claim, a session token or a refresh
         * token. Only a logout does without.
         *
         * @param proven none by default
         * @return this
         */
        public Builder senderKey(SenderKey proven) {
            this.senderKey = Objects.requireNonNull(proven, "senderKey");
            return this;
        }

        /**
         * Makes the request.
         *
         * @return the value
         */
        public EndpointRequest build() {
            return new EndpointRequest(this);
        }
    }
}
