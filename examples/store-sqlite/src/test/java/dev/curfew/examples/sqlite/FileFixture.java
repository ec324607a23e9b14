package dev.curfew.examples.sqlite;

import dev.curfew.contract.StoreCapability;
import dev.curfew.contract.StoreFixture;
import dev.curfew.session.SessionRef;
import dev.curfew.store.SessionStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Stores in files of one directory. */
final class FileFixture implements StoreFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestDirectory directory = new TestDirectory();
    private final List<SqliteSessionStore> stores = new ArrayList<>();
    private final String synchronous;
    private final int rounds;
    private final int manySessions;
    private int files;

    FileFixture(String synchronous, int rounds, int manySessions) {
        this.synchronous = synchronous;
        this.rounds = rounds;
        this.manySessions = manySessions;
    }

    @Override
    public SessionStore freshStore() {
        files++;
        return node();
    }

    private SqliteSessionStore node() {
        FilePlace place = new FilePlace(file(), synchronous, 0);
        SqliteSessionStore store = new SqliteSessionStore(place, PATIENCE);
        stores.add(store);
        return store;
    }

    @Override
    public Set<StoreCapability> capabilities() {
        return EnumSet.of(
                StoreCapability.SEVERAL_NODES,
                StoreCapability.SURVIVES_RESTART,
                StoreCapability.INSISTED_ACTS,
                StoreCapability.HORIZON,
                StoreCapability.DAMAGED_ROWS,
                StoreCapability.SESSIONS_OF_TARGET,
                StoreCapability.PAYLOAD_REWRITING,
                StoreCapability.SUBJECT_ERASURE,
                StoreCapability.SESSIONS_OF_SCOPE);
    }

    @Override
    public SessionStore secondNode() {
        return node();
    }

    @Override
    public SessionStore restarted() {
        closeStores();
        return node();
    }

    /** Half an id. */
    @Override
    public void damageRow(SessionRef session) {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                PreparedStatement update =
                        other.prepareStatement("UPDATE session SET session_id = x'ff' WHERE session_key = ?")) {
            update.setBytes(1, session.key().toBytes());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("no row of session " + session.key());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a row is not to be damaged", e);
        }
    }

    private Path file() {
        return directory.file("store-" + files + ".db");
    }

    @Override
    public int rounds() {
        return rounds;
    }

    @Override
    public int manySessions() {
        return manySessions;
    }

    @Override
    public void close() {
        closeStores();
        directory.close();
    }

    private void closeStores() {
        stores.forEach(SqliteSessionStore::close);
        stores.clear();
    }
}
