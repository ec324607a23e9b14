package dev.curfew.ssf;

import dev.curfew.endpoint.EndpointAnswers;
import dev.curfew.endpoint.EndpointFailures;
import dev.curfew.endpoint.RefusedRequestException;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import dev.curfew.jose.JsonObject;
import dev.curfew.meter.Meter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The receiver's side of push-based delivery of security event tokens (RFC 8935). Thread-safe.
 *
 * <p>202 says that what the SET ends is recorded, whether or not anybody here is concerned; it is never said in an
 * outage. A SET that comes again is 202 again, and ends nothing more. A text that is not an authentic SET of the
 * transmitter costs no call to the store, and no address is shut out.
 *
 * <p>The round trips are those of {@link dev.curfew.Upstreams#end}; one for a verification with a state; none for what
 * ends nothing.
 */
public final class PushEndpoint {
    /** What the profile of SETs allows. */
    private static final int MAX_BODY = 64 * 1024;

    private static final HeaderField LANGUAGE = new HeaderField("Content-Language", "en");

    private final SecurityEventReceiver receiver;
    private final AcceptedAuthorizations authorizations;
    private final EndpointFailures failures = new EndpointFailures(PushEndpoint.class);
    private final SetCounts counts;

    private PushEndpoint(Builder builder) {
        this.receiver = builder.receiver;
        this.authorizations = new AcceptedAuthorizations(builder.authorizations);
        this.counts = new SetCounts(PushEndpoint.class, receiver.upstream().realm(), "push");
    }

    /**
     * Starts an endpoint.
     *
     * @param receiver of the stream whose SETs are pushed here
     * @return a builder
     */
    public static Builder of(SecurityEventReceiver receiver) {
        return new Builder(receiver);
    }

    /**
     * Answers a request. Never throws for anything that a transmitter or an outage can cause.
     *
     * @param request {@code POST} of a SET, as {@code application/secevent+jwt}
     * @return 202 without a body; 400, 405, 413 or 415 with {@code err} and {@code description} in JSON; 503 in an
     *     outage
     */
    public EndpointResponse answer(EndpointRequest request) {
        EndpointResponse answer = failures.answer(request, () -> receive(request));
        if (answer.status() >= 500) {
            counts.failed();
        }
        return answer;
    }

    /** {@return how many SETs were accepted, ended nothing, were refused and why, and were not recorded} */
    public List<Meter> meters() {
        return counts.meters();
    }

    private EndpointResponse receive(EndpointRequest request) throws RefusedRequestException {
        if (!request.method().equals("POST")) {
            throw refused(405, "the method is not POST", new HeaderField("Allow", "POST"));
        }
        if (!authorizations.accept(request.headers("Authorization"))) {
            throw refused(
                    400,
                    RefusedSetException.of(
                            SetError.AUTHENTICATION_FAILED, "the transmitter is not known by its Authorization"));
        }
        byte[] body = request.body();
        if (body.length > MAX_BODY) {
            throw refused(413, "the SET is longer than " + MAX_BODY + " bytes");
        }
        if (!request.hasMediaType("application/secevent+jwt")) {
            throw refused(415, "the body is not said to be application/secevent+jwt");
        }
        try {
            counts.accepted(receiver.act(receiver.verify(new String(body, StandardCharsets.ISO_8859_1).strip())));
        } catch (RefusedSetException e) {
            throw refused(400, e);
        }
        return EndpointAnswers.empty(202);
    }

    private RefusedRequestException refused(int status, String description, HeaderField... more) {
        return refused(status, RefusedSetException.of(SetError.INVALID_REQUEST, description), more);
    }

    /** Sections 2.3 and 2.4, whatever the status is. */
    private RefusedRequestException refused(int status, RefusedSetException why, HeaderField... more) {
        counts.refused(why.error(), why.detail());
        JsonObject body = new JsonObject().with("err", why.error().code()).with("description", why.description());
        List<HeaderField> headers = new ArrayList<>(List.of(more));
        headers.add(LANGUAGE);
        return new RefusedRequestException(EndpointAnswers.json(status, body.bytes(), headers));
    }

    /** Collects the settings of a {@link PushEndpoint}. Confined to one thread. */
    public static final class Builder {
        private static final int SHORTEST = 16;

        private final SecurityEventReceiver receiver;
        private final List<String> authorizations = new ArrayList<>();

        private Builder(SecurityEventReceiver receiver) {
            this.receiver = Objects.requireNonNull(receiver, "receiver");
        }

        /**
         * Demands an {@code Authorization} of the transmitter, as it was given in the configuration of the stream
         * ({@code delivery.authorization_header}). Called several times, each is accepted, as while one is exchanged.
         * It comes on top of the signature, and spares its verification for what strangers send.
         *
         * @param value the whole value of the header, such as {@code Bearer …}; at least 16 characters
         * @return this
         * @throws IllegalArgumentException if it is shorter; the message does not repeat it
         */
        public Builder authorization(String value) {
            if (Objects.requireNonNull(value, "authorization").strip().length() < SHORTEST) {
                throw new IllegalArgumentException("authorization(...) must have at least " + SHORTEST
                        + " characters, and has " + value.strip().length());
            }
            authorizations.add(value.strip());
            return this;
        }

        /**
         * Makes the endpoint.
         *
         * @return an endpoint for all threads
         */
        public PushEndpoint build() {
            return new PushEndpoint(this);
        }
    }
}
