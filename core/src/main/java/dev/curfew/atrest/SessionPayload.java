package dev.curfew.atrest;

import dev.curfew.session.DeviceInfo;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a store keeps of a session without understanding it: everything in clear. Immutable.
 *
 * <p>The realm is not part of it: whoever reads a session had to name its realm.
 *
 * @param subject the subject's value
 * @param foreignHandle the handle of a foreign session, or null for ours, whose id is a column
 * @param client the client's value, or null
 * @param device what a person recognises it by
 * @param attributes what the host keeps with it; copied
 * @param extras what only some sessions have
 */
public record SessionPayload(
        String subject,
        @Nullable String foreignHandle,
        @Nullable String client,
        DeviceInfo device,
        Map<String, String> attributes,
        SessionExtras extras) {
    /** Checks that nothing is missing. */
    public SessionPayload {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(device, "device");
        attributes = Map.copyOf(attributes);
        Objects.requireNonNull(extras, "extras");
    }

    /** A payload of a session that has nothing of what only some have. */
    public SessionPayload(
            String subject,
            @Nullable String foreignHandle,
            @Nullable String client,
            DeviceInfo device,
            Map<String, String> attributes) {
        this(subject, foreignHandle, client, device, attributes, SessionExtras.NONE);
    }

    /** The same payload with what only some sessions have. */
    SessionPayload with(SessionExtras newExtras) {
        return new SessionPayload(subject, foreignHandle, client, device, attributes, newExtras);
    }

    /** Nothing of the content. */
    @Override
    public String toString() {
        return "SessionPayload";
    }
}
