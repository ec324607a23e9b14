package dev.curfew.jdbc.step;

import dev.curfew.jdbc.table.CandidateRows;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The answers to one {@link RevokeQuery}. Immutable.
 *
 * @param owner the subject to which the target belongs, as far as that is known
 * @param candidates what may cover the caller or the target, and what the act itself wrote before
 * @param session the session that is the target, if it stands there
 * @param newestApplicable what a cut-off that means "now" must lie behind
 * @param live how many live sessions a cut-off of a subject ends
 */
record RevokeRows(
        @Nullable LookupKey owner,
        CandidateRows candidates,
        @Nullable FoundSession session,
        Instant newestApplicable,
        long live) {}
