package dev.curfew.token;

import dev.curfew.session.ClientId;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import org.jspecify.annotations.Nullable;

/**
 * What a token names. Immutable.
 *
 * @param subject whose token it is, or null
 * @param session to which it belongs, or null
 * @param client to which it was issued, or null
 * @param sender the key that its sender has to prove, or null
 */
record TokenNames(
        @Nullable SubjectId subject,
        @Nullable SessionRef session,
        @Nullable ClientId client,
        @Nullable SenderKey sender) {}
