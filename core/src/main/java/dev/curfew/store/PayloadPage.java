package dev.curfew.store;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A part of a walk through all payloads. Immutable. */
public final class PayloadPage {
    private final List<StoredPayload> payloads;
    private final @Nullable PayloadCursor next;

    private PayloadPage(List<StoredPayload> payloads, @Nullable PayloadCursor next) {
        this.payloads = List.copyOf(payloads);
        this.next = next;
    }

    /**
     * A page behind which the walk goes on.
     *
     * @param payloads copied
     * @param next where it goes on
     * @return the page
     */
    public static PayloadPage of(List<StoredPayload> payloads, PayloadCursor next) {
        return new PayloadPage(payloads, Objects.requireNonNull(next, "next"));
    }

    /**
     * The page with which the walk ends.
     *
     * @param payloads copied
     * @return the page
     */
    public static PayloadPage last(List<StoredPayload> payloads) {
        return new PayloadPage(payloads, null);
    }

    /** {@return the rows, unmodifiable} */
    public List<StoredPayload> payloads() {
        return payloads;
    }

    /** {@return the place where the walk goes on, or nothing at the end} */
    public Optional<PayloadCursor> next() {
        return Optional.ofNullable(next);
    }
}
