package dev.curfew.examples.sqlite;

import dev.curfew.examples.sqlite.SqliteFileException.Problem;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreSettingsMismatchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/** Makes the tables of a new file, and recognises those of an old one. */
final class Schema {
    /** Of these tables. Whoever changes them raises it, and migrates older ones here. */
    static final int VERSION = 1;

    /** "Curf": SQLite keeps this number in the header of each file, for programs to tell theirs from others'. */
    private static final int APPLICATION = 0x43757266;

    private Schema() {}

    /** Sees to it that the tables and the birth marker are there; the first settings win. */
    static void open(Transaction transaction, StoreSettings settings, Instant now) {
        int application = pragma(transaction, "PRAGMA application_id");
        if (application == 0 && !transaction.exists("SELECT 1 FROM sqlite_schema")) {
            transaction.script(script());
            transaction.script("PRAGMA application_id = " + APPLICATION);
            transaction.update(
                    "INSERT INTO store (schema_version, retention, node_skew, ended_kept, trusts_older, horizon)"
                            + " VALUES (?, ?, ?, ?, ?, 0)",
                    VERSION,
                    settings.retention().toMillis(),
                    settings.nodeSkew().toMillis(),
                    settings.endedSessionsKept().toMillis(),
                    settings.trustsOlderTokens());
        } else if (application != APPLICATION) {
            throw new SqliteFileException(Problem.NOT_A_STORE, transaction.file(), null);
        }
        StoreState state = StoreState.read(transaction);
        if (!state.hasBirth()) {
            // Of a new store, and of one whose entries were lost: whatever is older than this instant is refused.
            FeedTable.addBirth(transaction, state.settings(), now);
        }
        StoreSettings stored = state.settings();
        if (!stored.retention().equals(settings.retention())) {
            throw new StoreSettingsMismatchException(stored.retention(), settings.retention());
        }
    }

    private static int pragma(Transaction transaction, String pragma) {
        return transaction.first(pragma, row -> row.getInt(1)).orElse(0);
    }

    private static String script() {
        try (InputStream in = Schema.class.getResourceAsStream("schema.sql")) {
            return new String(Objects.requireNonNull(in, "schema.sql").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
