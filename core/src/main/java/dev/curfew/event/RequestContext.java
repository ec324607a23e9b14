package dev.curfew.event;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From where a call came and under which name the host's own logs know it, so that an event can be found there.
 * Immutable.
 *
 * <p>It belongs to a thread while a {@link Scope} is open: events are published with the context of the thread that
 * caused them. The endpoints open a scope by themselves; a host with controllers of its own opens one in a filter.
 */
public final class RequestContext {
    private static final RequestContext NONE = new RequestContext(null, null);

    /** Without a value where no scope is open, so that a host's threads keep nothing of Curfew's. */
    private static final ThreadLocal<@Nullable RequestContext> CURRENT = new ThreadLocal<>();

    private static final Pattern CORRELATION = Pattern.compile("[A-Za-z0-9_.:/+=@-]{1,64}");
    private static final int MAX_ADDRESS = 64;

    private final @Nullable String correlationId;
    private final @Nullable String address;

    private RequestContext(@Nullable String correlationId, @Nullable String address) {
        this.correlationId = correlationId;
        this.address = address;
    }

    /** {@return the shared context of which nothing is known} */
    public static RequestContext none() {
        return NONE;
    }

    /** {@return what the innermost open scope of the calling thread says, or {@link #none()}} */
    public static RequestContext current() {
        RequestContext context = CURRENT.get();
        return context == null ? NONE : context;
    }

    /**
     * The same with a correlation id.
     *
     * @param id of a request or a trace; one that is empty, longer than 64 characters, or made of anything but letters,
     *     digits and {@code _.:/+=@-} is left out, because a client may have sent it
     * @return the context
     */
    public RequestContext withCorrelationId(String id) {
        return CORRELATION.matcher(id).matches() ? new RequestContext(id, address) : this;
    }

    /**
     * The same with the address of the client.
     *
     * @param value as the host trusts it: of the connection, or told by a proxy of its own; empty for unknown, cut
     *     after 64 characters, or after 63 where that would divide a surrogate pair
     * @return the context
     */
    public RequestContext withAddress(String value) {
        String cut = value.length() <= MAX_ADDRESS ? value : value.substring(0, cut(value));
        return new RequestContext(correlationId, cut.isEmpty() ? null : cut);
    }

    private static int cut(String value) {
        return Character.isHighSurrogate(value.charAt(MAX_ADDRESS - 1)) ? MAX_ADDRESS - 1 : MAX_ADDRESS;
    }

    /** {@return the name of the request, if one is known} */
    public Optional<String> correlationId() {
        return Optional.ofNullable(correlationId);
    }

    /** {@return the address of the client, if it is known} */
    public Optional<String> address() {
        return Optional.ofNullable(address);
    }

    /**
     * Makes this the context of the calling thread until the scope is closed, on the same thread.
     *
     * @return to be closed, innermost first
     */
    public Scope open() {
        RequestContext before = current();
        CURRENT.set(this);
        return new Scope(before);
    }

    /** A stretch of work under one context. Confined to its thread. */
    public static final class Scope implements AutoCloseable {
        private final RequestContext before;

        private Scope(RequestContext before) {
            this.before = before;
        }

        /** Gives the thread back the context that it had. */
        @Override
        public void close() {
            if (before == NONE) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    /** Nothing of the content. */
    @Override
    public String toString() {
        return "RequestContext";
    }
}
