package dev.curfew.examples.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.store.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets a connection, and that none is left open. SQLite deletes the log when the last one is closed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionsTest {
    private final TestDirectory directory = new TestDirectory();
    private final Path file = directory.file("store.db");
    private final Path log = Path.of(file + "-wal");

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void a_thread_that_is_interrupted_gets_what_is_free_and_closes_everything() {
        SqliteSessionStore store = SqliteSessionStore.inFile(file);
        store.open(Given.SETTINGS, Given.BIRTH);
        Thread.currentThread().interrupt();

        assertThat(store.newestCutOff(Given.subject("alice"), Given.NOW)).isAfterOrEqualTo(Given.BIRTH);
        store.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(log).doesNotExist();
    }

    @Test
    void a_thread_that_is_interrupted_while_it_waits_says_so_and_blames_no_lock() {
        try (Database database = new Database(new FilePlace(file, "FULL", 0), Duration.ofSeconds(20))) {
            Holder holder = new Holder(database);
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> database.write("write", transaction -> ""))
                    .withCauseInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
            holder.end();
        }
    }

    @Test
    @SuppressWarnings("try") // That it is closed in the middle is what this is about.
    void a_connection_that_is_in_use_while_the_store_is_closed_is_closed_at_the_end_of_its_use() {
        try (Database database = new Database(new FilePlace(file, "FULL", 0), Duration.ofMillis(50))) {
            Holder holder = new Holder(database);
            database.close();
            assertThat(log).exists();

            holder.end();
            assertThat(log).doesNotExist();
        }
    }

    /** A thread within a transaction, until it is told to end. */
    private static final class Holder {
        private final CompletableFuture<String> held = new CompletableFuture<>();
        private final CompletableFuture<String> released = new CompletableFuture<>();
        private final CompletableFuture<String> over;

        Holder(Database database) {
            over = CompletableFuture.supplyAsync(() -> database.create("hold", transaction -> {
                held.complete("");
                return released.join();
            }));
            held.join();
        }

        void end() {
            released.complete("");
            over.join();
        }
    }
}
