package dev.curfew;

import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ScopeCursor;
import dev.curfew.subject.BulkPlan;
import dev.curfew.subject.BulkProgress;
import dev.curfew.subject.BulkResult;
import dev.curfew.subject.Erasure;
import dev.curfew.subject.ErasureCursor;
import dev.curfew.subject.HeldSession;
import dev.curfew.subject.RenameOutcome;
import dev.curfew.subject.ScopedSessions;
import dev.curfew.subject.SubjectExport;
import dev.curfew.token.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The examples of the page about people and administrators, as they stand there. */
final class AdministrationExamples {
    private AdministrationExamples() {}

    static int rename(SessionService sessions, Caller caller, String handle, String label) {
        RenameOutcome outcome = sessions.subjects().rename(caller, handle, label);
        if (outcome instanceof RenameOutcome.Renamed) {
            return 200;
        }
        return outcome instanceof RenameOutcome.CallerRevoked ? 401 : 404;
    }

    static List<HeldSession> export(SessionService sessions, SubjectId subject) {
        SubjectExport page = sessions.subjects().exportSubject(subject);
        List<HeldSession> all = new ArrayList<>(page.sessions());
        while (page.next().isPresent()) {
            page = sessions.subjects().exportSubject(subject, page.next().get());
            all.addAll(page.sessions());
        }
        return all;
    }

    static void erase(SessionService sessions, SubjectId subject, Consumer<String> keep) {
        RevocationCause cause = RevocationCause.byAdmin(RevocationReason.ACCOUNT_DISABLED, "admin-7");
        Erasure erasure = sessions.subjects().eraseSubject(subject, cause, 500);
        while (erasure.next().isPresent()) {
            ErasureCursor next = erasure.next().get();
            keep.accept(next.toString()); // so that any node can go on after a crash: ErasureCursor.parse(text)
            erasure = sessions.subjects().eraseSubject(subject, next, 500);
        }
    }

    static long countLive(SessionService sessions, ClientId client) {
        long live = 0;
        ScopeCursor from = ScopeCursor.start();
        while (from != null) {
            ScopedSessions part = sessions.subjects().sessionsOf(client, from, 1_000);
            live += part.sessions().stream().filter(one -> one.end().isEmpty()).count();
            from = part.next().orElse(null);
        }
        return live;
    }

    static String beginBulk(SessionService sessions) {
        RevocationCause cause = RevocationCause.byAdmin(RevocationReason.CREDENTIAL_CHANGED, "admin-7");
        return sessions.subjects().beginBulk(cause).toString(); // to be kept beside the list of subjects
    }

    static long runBulk(SessionService sessions, String plan, List<SubjectId> subjects, long from, BulkProgress keep) {
        BulkResult result = sessions.subjects()
                .revokeAll(BulkPlan.parse(plan).orElseThrow(), subjects.subList((int) from, subjects.size()), keep);
        result.failed().forEach(subject -> System.err.println("not ended: " + subject));
        result.trouble().ifPresent(trouble -> System.err.println("interrupted: " + trouble.getMessage()));
        return from + result.position(); // less than all if it was stopped or interrupted: run it again from there
    }

    static ScheduledFuture<?> count(SessionService sessions, ScheduledExecutorService timer) {
        return timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        sessions.subjects().countLive();
                    } catch (RuntimeException e) {
                        System.err.println("live sessions were not counted: " + e.getMessage());
                    }
                },
                0,
                5,
                TimeUnit.MINUTES);
    }
}
