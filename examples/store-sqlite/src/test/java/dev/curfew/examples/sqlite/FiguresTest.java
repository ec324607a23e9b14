package dev.curfew.examples.sqlite;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.Precondition;
import dev.curfew.store.Touch;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a verb costs, beside what a sync of the same disk costs in the same run. Measures; demands nothing. */
@Tag("figures")
class FiguresTest {
    private static final int SESSIONS = 5_000;
    private static final int CALLS = 1_000;
    private static final int BATCH = 100;

    @Test
    void each_verb_is_measured_beside_a_sync() throws Exception {
        try (TestDirectory directory = new TestDirectory()) {
            Path file = directory.file("store.db");
            sync(directory.file("sync"));
            try (SqliteSessionStore store = SqliteSessionStore.inFile(file)) {
                measure("in a file", store);
            }
            System.out.printf("%,d bytes for each session and a tenth of a revocation%n", Files.size(file) / SESSIONS);
            try (SqliteSessionStore store = SqliteSessionStore.inMemory()) {
                measure("in memory", store);
            }
        }
    }

    private static void sync(Path file) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int round = 0; round < 2; round++) {
                each("a page is written and synced", round, CALLS, i -> {
                    try {
                        channel.write(ByteBuffer.allocate(4_096));
                        channel.force(false);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
            }
        }
    }

    private static void measure(String where, SqliteSessionStore store) {
        store.open(Given.SETTINGS, Given.BIRTH);
        List<GivenSession> sessions = new ArrayList<>();
        each(where + ": insert", 1, SESSIONS, i -> {
            SubjectId subject = Given.subject("subject-" + i / 5);
            GivenSession session = Given.session(subject).payload(new byte[200]).build();
            store.insert(session.row(), SessionLimit.endOldestBeyond(10), Given.NOW);
            sessions.add(session);
        });
        for (int round = 0; round < 2; round++) {
            int seconds = round;
            each(
                    where + ": revocationsCovering",
                    round,
                    CALLS,
                    i -> store.revocationsCovering(sessions.get(i).token("t"), Given.NOW));
            each(where + ": find", round, CALLS, i -> store.find(sessions.get(i).ref(), Given.NOW));
            each(
                    where + ": touch of " + BATCH,
                    round,
                    CALLS / BATCH,
                    i -> store.touch(
                            sessions.subList(i * BATCH, (i + 1) * BATCH).stream()
                                    .map(session -> new Touch(session.ref(), Given.NOW.plusSeconds(1 + seconds)))
                                    .toList(),
                            Given.NOW));
            each(
                    where + ": revoke a session",
                    round,
                    SESSIONS / 20,
                    i -> store.revoke(
                            Given.act(sessions.get(i * 20 + seconds).target()).build(),
                            Precondition.none(),
                            Given.NOW));
            each(
                    where + ": read all of the feed by 500",
                    round,
                    20,
                    i -> store.feed().readAfter(FeedPosition.beginning(), 500, Given.NOW));
        }
    }

    /** The first round warms up. */
    private static void each(String what, int round, int calls, IntConsumer call) {
        long began = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            call.accept(i);
        }
        if (round > 0) {
            System.out.printf("%-40s %,9.1f us%n", what, (System.nanoTime() - began) / 1_000.0 / calls);
        }
    }
}
