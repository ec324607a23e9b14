package dev.curfew.activity;

import dev.curfew.event.RequestContext;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a session was seen, to be written. Immutable.
 *
 * @param key of the session
 * @param session which
 * @param subject whose, if the caller has one
 * @param at when
 * @param context of the request, under which its event is told
 */
record Sighting(LookupKey key, SessionRef session, @Nullable SubjectId subject, Instant at, RequestContext context) {}
