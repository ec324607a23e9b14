package dev.curfew.revocation;

import dev.curfew.session.LookupKey;
import java.util.Comparator;

/**
 * The one order in which revocations count as recorded; every store and index uses it, so that all name the same one as
 * the first.
 *
 * <p>The instant decides. Ties are broken by what is stored, field by field, so that it does not matter who saw what
 * first.
 */
final class RecordedOrder {
    /** The actor's reference is ASCII, so that its characters compare as its bytes do. */
    static final Comparator<Revocation> FIRST = Comparator.comparing(Revocation::revokedAt)
            .thenComparingInt(entry -> entry.reason().code())
            .thenComparingInt(entry -> entry.actor().kind().code())
            .thenComparing(entry -> entry.actor().id())
            .thenComparingInt(entry -> entry.target().kind().code())
            .thenComparing(entry -> entry.target().key())
            .thenComparing(Revocation::issuedBefore)
            .thenComparing(RecordedOrder::compareExempt)
            .thenComparing(Revocation::forgetAfter);

    private static final Comparator<LookupKey> NONE_FIRST = Comparator.nullsFirst(Comparator.naturalOrder());

    private RecordedOrder() {}

    private static int compareExempt(Revocation a, Revocation b) {
        return NONE_FIRST.compare(
                a.exempt().map(ExemptSession::key).orElse(null),
                b.exempt().map(ExemptSession::key).orElse(null));
    }
}
