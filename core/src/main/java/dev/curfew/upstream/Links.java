package dev.curfew.upstream;

import dev.curfew.atrest.SealedRecords;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.UndecodableRecordException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which sessions of ours began from a login at an upstream, for as long as they last. Thread-safe.
 *
 * <p><b>Order.</b> A login writes its links, then reads what covers it, then begins its session; a logout records its
 * entry, then reads the links of what it names, then ends each session that its entry covers, also one that has not
 * begun yet. So one of the two sees the other: whichever wrote first is read by the other, and a session that was ended
 * before it began is refused when it does. Every weaker order lets a session live that has ended: reading before
 * writing, on either side, or leaving out the login's read.
 */
public final class Links {
    private static final int PAGE = 500;

    private final SealedRecords records;

    public Links(SealedRecords records) {
        this.records = records;
    }

    /**
     * Writes a link under all that a logout may name. One round trip for each: the subject, and the session if the
     * upstream has any.
     */
    public void write(Link link, Instant forgetAfter, Instant now) {
        byte[] value = LinkFormat.write(link);
        LookupKey item = link.ref().key();
        for (RevocationTarget target : targetsOf(link)) {
            // It stands there already if an answer was lost: nobody else writes under our own session's key.
            records.write(new RecordKey(group(target), item), 0, value, forgetAfter, now);
        }
    }

    private static List<RevocationTarget> targetsOf(Link link) {
        List<RevocationTarget> targets = new ArrayList<>();
        Link.Login login = link.login();
        targets.add(RevocationTarget.subject(login.subject()));
        login.sessionId()
                .ifPresent(
                        sid -> targets.add(RevocationTarget.session(SessionRef.ofUnknownSubject(login.realm(), sid))));
        return targets;
    }

    /**
     * The sessions of ours that an entry of an upstream ends. Whoever names a subject beside a session means that
     * subject's alone, as far as the bucket of the target tells subjects apart.
     *
     * @param named the subject or foreign session that was to end
     * @param entry what stands for that, which for want of room may be coarser
     * @param from behind which item, or nothing to begin
     */
    public Covered coveredBy(RevocationTarget named, Revocation entry, Optional<LookupKey> from, Instant now) {
        RecordPage page = records.list(group(named), from, PAGE, now);
        List<Link> covered = new ArrayList<>();
        int unreadable = page.unreadable().size();
        for (SharedRecord record : page.records()) {
            try {
                Link link = LinkFormat.read(record.value());
                if (isMeant(named, link) && entry.covers(link.login().facts())) {
                    covered.add(link);
                }
            } catch (UndecodableRecordException e) {
                unreadable++;
            }
        }
        return new Covered(covered, unreadable, page.next());
    }

    /**
     * A part of what an entry ends.
     *
     * @param links of sessions that it ends
     * @param unreadable how many links nobody here can read, so that nobody can say whether it ends their sessions
     * @param next behind which item to go on, if there is more
     */
    public record Covered(List<Link> links, int unreadable, Optional<LookupKey> next) {}

    private static boolean isMeant(RevocationTarget named, Link link) {
        return named.kind() != RevocationTarget.Kind.FOREIGN_SESSION
                || named.bucket() == RevocationTarget.EVERYWHERE
                || named.bucket() == link.login().subject().key().bucket();
    }

    private static LookupKey group(RevocationTarget target) {
        return LookupKey.of("upstream-links", target.key().toString());
    }
}
