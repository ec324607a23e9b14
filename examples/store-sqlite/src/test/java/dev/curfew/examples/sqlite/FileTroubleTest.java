package dev.curfew.examples.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.examples.sqlite.SqliteFileException.Problem;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.Precondition;
import dev.curfew.store.StoreUnavailableException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/** What can be wrong with a file: each has a name of its own, and none is ever taken for "not revoked". */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileTroubleTest {
    private static final int PAGE = 4096;
    private static final int WRITE_VERSION = 18;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SubjectId alice = Given.subject("alice");
    private final TestDirectory directory = new TestDirectory();
    private final Path file = directory.file("store.db");
    private final List<SqliteSessionStore> stores = new ArrayList<>();

    @AfterEach
    void closeAll() {
        stores.forEach(SqliteSessionStore::close);
        directory.close();
    }

    private SqliteSessionStore store(Path where) {
        SqliteSessionStore store = SqliteSessionStore.inFile(where, Duration.ofMillis(300));
        stores.add(store);
        return store;
    }

    private SqliteSessionStore opened() {
        SqliteSessionStore store = store(file);
        store.open(Given.SETTINGS, Given.BIRTH);
        return store;
    }

    private GivenSession loggedIn(SqliteSessionStore store) {
        GivenSession session = Given.session(alice).build();
        assertThat(store.insert(session.row(), SessionLimit.unlimited(), Given.NOW))
                .isInstanceOf(InsertResult.Inserted.class);
        return session;
    }

    private void revokeAll(SqliteSessionStore store) {
        store.revoke(Given.act(RevocationTarget.subject(alice)).build(), Precondition.none(), Given.NOW);
    }

    private Connection otherProcess() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private void asOtherProcess(String... statements) throws SQLException {
        try (Connection other = otherProcess();
                Statement statement = other.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void isOutage(Problem problem, boolean isWrite, ThrowingCallable verb) {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(verb)
                .satisfies(e -> {
                    assertThat(e.isRetryable()).isTrue();
                    assertThat(e.mayHaveHappened()).isEqualTo(isWrite);
                })
                .havingCause()
                .isInstanceOfSatisfying(
                        SqliteFileException.class, e -> assertThat(e.problem()).isEqualTo(problem));
    }

    private static void isMistake(Problem problem, ThrowingCallable open) {
        assertThatExceptionOfType(SqliteFileException.class).isThrownBy(open).satisfies(e -> {
            assertThat(e.problem()).isEqualTo(problem);
            assertThat(e.isRetryable()).isFalse();
        });
    }

    @Test
    void while_another_process_writes_reads_go_on_and_writes_fail_in_time_and_succeed_later() throws Exception {
        SqliteSessionStore store = opened();
        GivenSession session = loggedIn(store);
        try (Connection other = otherProcess();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");

            isOutage(Problem.LOCKED, true, () -> revokeAll(store));
            isOutage(Problem.LOCKED, true, () -> store.purge(Given.NOW, 10));
            assertThat(store.find(session.ref(), Given.NOW)).isPresent();
            assertThat(store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW))
                    .isInstanceOf(FeedRead.Page.class);
        }

        revokeAll(store);
        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).hasSize(1);
    }

    @Test
    void a_file_that_may_not_be_written_can_be_read() throws Exception {
        SqliteSessionStore before = opened();
        GivenSession session = loggedIn(before);
        before.close();
        // SQLite takes a file of an unknown write version for one that it may only read. Rights do not bind root.
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(WRITE_VERSION);
            bytes.write(9);
        }

        SqliteSessionStore store = opened();

        isOutage(Problem.READ_ONLY, true, () -> revokeAll(store));
        isOutage(
                Problem.READ_ONLY,
                true,
                () -> store.insert(Given.session(alice).build().row(), SessionLimit.unlimited(), Given.NOW));
        assertThat(store.find(session.ref(), Given.NOW)).isPresent();
    }

    @Test
    void a_file_that_cannot_grow_refuses_logins_and_answers_and_takes_up_again_what_was_freed() {
        SqliteSessionStore store = new SqliteSessionStore(new FilePlace(file, "FULL", 40), Duration.ofSeconds(2));
        stores.add(store);
        store.open(Given.SETTINGS, Given.BIRTH);
        GivenSession first = loggedIn(store);
        byte[] bulky = new byte[2_000];
        isOutage(Problem.FULL, true, () -> {
            for (int i = 0; i < 1_000; i++) {
                GivenSession next = Given.session(alice).payload(bulky).build();
                store.insert(next.row(), SessionLimit.unlimited(), Given.NOW);
            }
        });

        assertThat(store.find(first.ref(), Given.NOW)).isPresent();
        store.purge(Given.NOW.plus(Duration.ofDays(60)), 1_000);
        assertThat(store.find(first.ref(), Given.NOW)).isEmpty();
        loggedIn(store);
    }

    @Test
    void a_file_that_was_deleted_is_an_outage_and_nobody_makes_an_empty_one() throws Exception {
        SqliteSessionStore store = opened();
        GivenSession session = loggedIn(store);
        revokeAll(store);
        store.find(session.ref(), Given.NOW);
        delete();

        isOutage(Problem.MISSING, false, () -> store.find(session.ref(), Given.NOW));
        isOutage(Problem.MISSING, false, () -> store.revocationsCovering(session.token("t"), Given.NOW));
        isOutage(Problem.MISSING, false, () -> store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW));
        isOutage(Problem.MISSING, true, () -> loggedIn(store));
        assertThat(file).doesNotExist();

        store.open(Given.SETTINGS, Given.NOW);
        assertThat(store.revocationsCovering(session.token("t"), Given.NOW))
                .as("a new store refuses what is older than it")
                .isNotEmpty();
    }

    @Test
    void a_copy_that_was_put_back_is_used_from_the_next_call_on_and_what_was_lost_is_a_gap() throws Exception {
        SqliteSessionStore store = opened();
        GivenSession session = loggedIn(store);
        asOtherProcess("PRAGMA wal_checkpoint(TRUNCATE)");
        Path copy = directory.file("copy.db");
        Files.copy(file, copy);
        revokeAll(store);
        FeedPosition position =
                ((FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW)).next();
        delete();
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);

        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isEmpty();
        assertThat(store.feed().readAfter(position, 10, Given.NOW)).isEqualTo(new FeedRead.Gap());
        revokeAll(store);
        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).hasSize(1);
    }

    @Test
    void a_file_that_is_exchanged_in_the_middle_of_a_commit_acknowledges_nothing() throws Exception {
        AtomicReference<Runnable> atCommit = new AtomicReference<>(() -> {});
        SqliteSessionStore store =
                new SqliteSessionStore(new CommitPlace(new FilePlace(file, "FULL", 0), atCommit), PATIENCE);
        stores.add(store);
        store.open(Given.SETTINGS, Given.BIRTH);
        GivenSession session = loggedIn(store);
        asOtherProcess("PRAGMA wal_checkpoint(TRUNCATE)");
        Path copy = directory.file("copy.db");
        Files.copy(file, copy);
        atCommit.set(() -> {
            try {
                delete();
                Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        isOutage(Problem.REPLACED, true, () -> revokeAll(store));

        assertThat(copy).doesNotExist();
        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isEmpty();
        revokeAll(store);
        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).hasSize(1);
    }

    /** A place where something happens between the last look before a COMMIT and its end. */
    private record CommitPlace(Place place, AtomicReference<Runnable> atCommit) implements Place {
        @Override
        public Connection connect(int waitMillis) throws SQLException {
            Connection connection = place.connect(waitMillis);
            connection.unwrap(SQLiteConnection.class).addCommitListener(new SQLiteCommitListener() {
                @Override
                public void onCommit() {
                    atCommit.getAndSet(() -> {}).run();
                }

                @Override
                public void onRollback() {}
            });
            return connection;
        }

        @Override
        public boolean isMemory() {
            return place.isMemory();
        }

        @Override
        public void create() {
            place.create();
        }

        @Override
        public Object identity() {
            return place.identity();
        }

        @Override
        public Object log() {
            return place.log();
        }

        @Override
        public String name() {
            return place.name();
        }
    }

    @Test
    void a_log_that_was_removed_under_a_running_store_is_noticed_before_anything_is_acknowledged() throws Exception {
        SqliteSessionStore store = opened();
        GivenSession session = loggedIn(store);
        deleteLog();

        isOutage(Problem.REPLACED, true, () -> revokeAll(store));

        revokeAll(store);
        store.close();
        assertThat(opened().revocationsCovering(session.token("t"), Given.NOW)).hasSize(1);
    }

    @Test
    void a_log_that_was_removed_or_made_anew_is_noticed_by_new_connections_and_by_old_ones() throws Exception {
        SqliteSessionStore store = opened();
        GivenSession session = loggedIn(store);
        deleteLog();
        isOutage(Problem.REPLACED, false, () -> store.find(session.ref(), Given.NOW));
        for (int i = 0; i < 8; i++) {
            assertThat(store.find(session.ref(), Given.NOW)).isPresent();
        }

        deleteLog();
        isOutage(Problem.REPLACED, false, () -> store.find(session.ref(), Given.NOW));
        loggedIn(store);

        deleteLog();
        Files.createFile(Path.of(file + "-wal"));
        Files.createFile(Path.of(file + "-shm"));
        isOutage(Problem.REPLACED, false, () -> store.find(session.ref(), Given.NOW));
        assertThat(store.find(session.ref(), Given.NOW)).isPresent();
    }

    @Test
    void a_file_that_a_link_names_has_its_log_beside_it() throws Exception {
        Path link = directory.file("link.db");
        Files.createFile(file);
        Files.createSymbolicLink(link, file);
        SqliteSessionStore store = store(link);

        store.open(Given.SETTINGS, Given.BIRTH);
        GivenSession session = loggedIn(store);

        assertThat(store.find(session.ref(), Given.NOW)).isPresent();
        assertThat(Path.of(file + "-wal")).exists();
    }

    @Test
    void what_is_there_and_cannot_be_opened_is_not_called_missing() throws Exception {
        Path directoryInstead = Files.createDirectory(directory.file("directory.db"));
        isOutage(Problem.READ_ONLY, true, () -> store(directoryInstead).open(Given.SETTINGS, Given.NOW));

        SqliteSessionStore store = opened();
        store.close();
        Files.createDirectory(Path.of(file + "-wal"));
        isOutage(Problem.READ_ONLY, true, () -> store(file).open(Given.SETTINGS, Given.NOW));
    }

    @Test
    void a_directory_without_rights_is_not_called_missing() throws Exception {
        Path closed = Files.createDirectory(directory.file("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isExecutable(closed)).as("rights bind this user").isFalse();

        isOutage(
                Problem.READ_ONLY, true, () -> store(closed.resolve("store.db")).open(Given.SETTINGS, Given.NOW));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void a_damaged_file_is_a_mistake_when_it_is_opened_and_an_outage_while_it_is_used() throws Exception {
        SqliteSessionStore store = opened();
        GivenSession session = loggedIn(store);
        asOtherProcess("PRAGMA wal_checkpoint(TRUNCATE)");
        byte[] noise = new byte[PAGE];
        new Random(7).nextBytes(noise);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long at = PAGE; at < channel.size(); at += PAGE) {
                channel.write(ByteBuffer.wrap(noise), at);
            }
        }

        isOutage(Problem.CORRUPT, false, () -> store.find(session.ref(), Given.NOW));
        isMistake(Problem.CORRUPT, () -> store(file).open(Given.SETTINGS, Given.NOW));
    }

    @Test
    void a_file_of_another_sort_is_refused_and_stays_as_it_was() throws Exception {
        byte[] text = "Dear diary, this is no database at all, and never was one.\n"
                .repeat(20)
                .getBytes(StandardCharsets.UTF_8);
        Files.write(file, text);

        isMistake(Problem.NOT_A_STORE, () -> store(file).open(Given.SETTINGS, Given.NOW));

        assertThat(Files.readAllBytes(file)).isEqualTo(text);
    }

    @Test
    void the_database_of_another_program_is_refused_and_gets_no_tables() throws Exception {
        asOtherProcess("CREATE TABLE songs (title TEXT)");

        isMistake(Problem.NOT_A_STORE, () -> store(file).open(Given.SETTINGS, Given.NOW));

        asOtherProcess("CREATE TABLE session (title TEXT)");
    }

    @Test
    void a_file_of_a_later_version_is_refused_also_if_it_was_migrated_meanwhile() throws Exception {
        SqliteSessionStore store = opened();
        asOtherProcess("UPDATE store SET schema_version = schema_version + 1");

        isOutage(Problem.LATER_SCHEMA, true, () -> loggedIn(store));
        isOutage(Problem.LATER_SCHEMA, false, () -> store.newestCutOff(alice, Given.NOW));
        isMistake(Problem.LATER_SCHEMA, () -> store(file).open(Given.SETTINGS, Given.NOW));
    }

    @Test
    void nodes_that_open_a_new_file_at_once_all_succeed_and_share_one_birth() throws Exception {
        int nodes = 6;
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        try {
            for (int round = 0; round < 5; round++) {
                Path fresh = directory.file("fresh-" + round + ".db");
                CyclicBarrier start = new CyclicBarrier(nodes);
                List<Callable<Instant>> tasks = new ArrayList<>();
                for (int i = 0; i < nodes; i++) {
                    Instant birth = Given.BIRTH.plusSeconds(i);
                    SqliteSessionStore store = SqliteSessionStore.inFile(fresh, Duration.ofSeconds(20));
                    stores.add(store);
                    tasks.add(() -> {
                        start.await();
                        store.open(Given.SETTINGS, birth);
                        return store.newestCutOff(alice, Given.NOW);
                    });
                }
                Set<Instant> births = new HashSet<>();
                for (Future<Instant> one : threads.invokeAll(tasks)) {
                    births.add(one.get());
                }
                assertThat(births).hasSize(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_directory_that_is_not_there_is_named() {
        Path nowhere = directory.file("nowhere").resolve("store.db");

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store(nowhere).open(Given.SETTINGS, Given.NOW))
                .havingCause()
                .withMessageContaining(nowhere.toString())
                .withMessageContaining("directory");
    }

    @Test
    void any_name_of_a_file_is_taken_as_it_is_and_nobody_else_may_read_it() throws Exception {
        Path odd = directory.file("Ünïcode ?mode=memory&x=#1 %20.db");
        SqliteSessionStore store = store(odd);

        store.open(Given.SETTINGS, Given.BIRTH);
        loggedIn(store);

        assertThat(odd).exists();
        for (String suffix : List.of("", "-wal", "-shm")) {
            assertThat(Files.getPosixFilePermissions(Path.of(odd + suffix)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void after_it_was_closed_a_store_refuses_every_call() {
        SqliteSessionStore store = opened();
        store.close();
        store.close();

        assertThatIllegalStateException().isThrownBy(() -> loggedIn(store));
        assertThatIllegalStateException().isThrownBy(() -> store.open(Given.SETTINGS, Given.NOW));
    }

    private void delete() throws IOException {
        Files.delete(file);
        deleteLog();
    }

    private void deleteLog() throws IOException {
        Files.deleteIfExists(Path.of(file + "-wal"));
        Files.deleteIfExists(Path.of(file + "-shm"));
    }
}
