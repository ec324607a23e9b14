package dev.curfew.examples.sqlite;

import dev.curfew.examples.sqlite.SqliteFileException.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** A file that processes of one machine share. */
final class FilePlace implements Place {
    private final Path file;
    private final String synchronous;
    private final long maxPages;

    /**
     * Names a file.
     *
     * @param synchronous FULL, or OFF for tests that are about something else than durability
     * @param maxPages how far the file may grow, or 0
     */
    FilePlace(Path file, String synchronous, long maxPages) {
        this.file = file.toAbsolutePath().normalize();
        this.synchronous = synchronous;
        this.maxPages = maxPages;
    }

    @Override
    public boolean isMemory() {
        return false;
    }

    /** For its owner only; the files beside it (-wal, -shm) get the same rights from SQLite. */
    @Override
    public void create() {
        boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] rights = isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            Files.createFile(file, rights);
        } catch (FileAlreadyExistsException e) {
            // The usual case.
        } catch (IOException e) {
            throw problem(e);
        }
    }

    @Override
    public Connection connect(int waitMillis) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(waitMillis);
        // Only create() makes a file. A verb that finds none must fail: an empty one would say that nothing is revoked.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        // As a URI, any name of a file is taken as it is, "?" included.
        Connection connection = config.createConnection("jdbc:sqlite:" + file.toUri());
        try (Statement statement = connection.createStatement()) {
            // The log is synced before a commit is answered: what was acknowledged survives a loss of power.
            statement.executeUpdate("PRAGMA synchronous = " + synchronous);
            if (maxPages > 0) {
                statement.execute("PRAGMA max_page_count = " + maxPages);
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    @Override
    public Object identity() {
        try {
            return key(file);
        } catch (IOException e) {
            throw problem(e);
        }
    }

    @Override
    public @Nullable Object log() {
        try {
            // SQLite writes them beside the file itself, not beside a link to it.
            String real = file.toRealPath().toString();
            return List.of(key(Path.of(real + "-wal")), key(Path.of(real + "-shm")));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw problem(e);
        }
    }

    private static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path : key;
    }

    private SqliteFileException problem(IOException failure) {
        Problem problem = Problem.UNREADABLE;
        if (failure instanceof NoSuchFileException) {
            problem = Problem.MISSING;
        } else if (failure instanceof AccessDeniedException) {
            problem = Problem.READ_ONLY;
        }
        return new SqliteFileException(problem, name(), failure);
    }

    @Override
    public String name() {
        return file.toString();
    }
}
