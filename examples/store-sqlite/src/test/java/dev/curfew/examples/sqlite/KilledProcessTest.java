package dev.curfew.examples.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real processes on one file, of which one is killed in the middle of its writes. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledProcessTest {
    private static final int ENOUGH = 60;

    @Test
    void whatever_a_killed_process_acknowledged_stands_and_the_other_process_goes_on() throws Exception {
        try (TestDirectory directory = new TestDirectory()) {
            Path file = directory.file("store.db");
            try (SqliteSessionStore store = SqliteSessionStore.inFile(file)) {
                store.open(Given.SETTINGS, Given.BIRTH);
            }
            List<String> killed = new ArrayList<>();
            List<String> survived = new ArrayList<>();
            try (AcknowledgingWriter victim = new AcknowledgingWriter(file, "victim");
                    AcknowledgingWriter other = new AcknowledgingWriter(file, "other")) {
                for (int i = 0; i < ENOUGH; i++) {
                    killed.add(victim.next());
                    survived.add(other.next());
                }
                killed.addAll(victim.kill());
                // More than a pipe holds back: these were written after the death of the other.
                int before = survived.size();
                while (survived.size() < before + ENOUGH) {
                    survived.add(other.next());
                }
                survived.addAll(other.kill());
            }

            try (SqliteSessionStore store = SqliteSessionStore.inFile(file)) {
                store.open(Given.SETTINGS, Given.NOW);
                assertStands(store, "victim", killed);
                assertStands(store, "other", survived);
            }
            assertSound(file);
        }
    }

    private static void assertStands(SqliteSessionStore store, String name, List<String> acknowledged) {
        SubjectId subject = Given.subject(name);
        Set<Revocation> onFeed = onFeed(store);
        int logins = 0;
        for (String line : acknowledged) {
            SessionId id =
                    SessionId.parse(line.substring(line.indexOf(' ') + 1)).orElseThrow();
            FoundSession found =
                    store.find(SessionRef.of(subject, id), Given.NOW).orElseThrow();
            if (line.startsWith("revoke")) {
                assertThat(found.coveredBy()).as(line).hasSize(1);
                assertThat(onFeed).as(line).containsAll(found.coveredBy());
            } else {
                logins++;
            }
        }
        // One more may stand: what was committed and not acknowledged any more.
        int standing = 0;
        ListQuery query = ListQuery.all(ListQuery.MAX_LIMIT);
        for (var page = store.list(subject, query, Given.NOW);
                ;
                page = store.list(subject, query.after(page.next().get()), Given.NOW)) {
            standing += page.sessions().size();
            if (page.next().isEmpty()) {
                break;
            }
        }
        assertThat(standing).isBetween(logins, logins + 1);
    }

    private static Set<Revocation> onFeed(SqliteSessionStore store) {
        Set<Revocation> all = new HashSet<>();
        FeedPosition position = FeedPosition.beginning();
        boolean isCaughtUp = false;
        while (!isCaughtUp) {
            FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 500, Given.NOW);
            page.entries().stream()
                    .filter(FeedEntry.Revoked.class::isInstance)
                    .forEach(entry -> all.add(((FeedEntry.Revoked) entry).revocation()));
            position = page.next();
            isCaughtUp = page.isCaughtUp();
        }
        return all;
    }

    private static void assertSound(Path file) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("PRAGMA integrity_check")) {
            assertThat(answer.next()).isTrue();
            assertThat(answer.getString(1)).isEqualTo("ok");
        }
    }
}
