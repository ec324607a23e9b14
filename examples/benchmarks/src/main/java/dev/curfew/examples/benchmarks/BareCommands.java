package dev.curfew.examples.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The least that a server can do: one row or one name by its key, read or written, on a connection that is held and
 * with a statement that is prepared. A row has 400 bytes, as that of a session. Confined to one thread.
 */
final class BareCommands {
    private static final int ROWS = 1_000;
    private static final int ROW_BYTES = 400;

    private BareCommands() {}

    /** On PostgreSQL, in tables of their own. */
    static final class OnPostgres implements AutoCloseable {
        private final Connection connection;
        private final PreparedStatement select;
        private final PreparedStatement update;
        private final PreparedStatement insert;
        private final byte[] row = new byte[ROW_BYTES];

        private OnPostgres(Connection connection) throws SQLException {
            this.connection = connection;
            this.select = connection.prepareStatement("SELECT row FROM bare_row WHERE id = ?");
            this.update = connection.prepareStatement("UPDATE bare_row SET row = ? WHERE id = 1");
            this.insert = connection.prepareStatement("INSERT INTO bare_insert (row) VALUES (?)");
        }

        static OnPostgres open() {
            try {
                Connection connection = DriverManager.getConnection(Servers.postgresUrl());
                try (Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE IF NOT EXISTS bare_row (id bigint PRIMARY KEY, row bytea)");
                    statement.execute("CREATE TABLE IF NOT EXISTS bare_insert (id bigserial PRIMARY KEY, row bytea)");
                    statement.execute("INSERT INTO bare_row SELECT i, decode(repeat('00', " + ROW_BYTES
                            + "), 'hex') FROM generate_series(1, " + ROWS + ") i ON CONFLICT DO NOTHING");
                }
                return new OnPostgres(connection);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** A row by its primary key. */
        void select() throws SQLException {
            select.setLong(1, ThreadLocalRandom.current().nextInt(1, ROWS + 1));
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next() || rows.getBytes(1).length != ROW_BYTES) {
                    throw new IllegalStateException("a row is missing");
                }
            }
        }

        /** The same row again and again, committed to disk. */
        void update() throws SQLException {
            row[0]++;
            update.setBytes(1, row);
            update.executeUpdate();
        }

        /** A new row, committed to disk. */
        void insert() throws SQLException {
            insert.setBytes(1, row);
            insert.executeUpdate();
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** On Redis, under names of their own. */
    static final class OnRedis implements AutoCloseable {
        private static final String COMPARE_AND_SET = "if redis.call('HGET', KEYS[1], 'row') == ARGV[1] then"
                + " redis.call('HSET', KEYS[1], 'row', ARGV[2]) return 1 end return 0";

        private final StatefulRedisConnection<String, String> connection;
        private final RedisCommands<String, String> commands;
        private final String sha;
        private final String[] keys = {"bare-row"};
        private String row = "x".repeat(ROW_BYTES) + 0;
        private int number;

        private OnRedis(StatefulRedisConnection<String, String> connection) {
            this.connection = connection;
            this.commands = connection.sync();
            this.sha = commands.scriptLoad(COMPARE_AND_SET);
            commands.hset(keys[0], "row", row);
        }

        static OnRedis open(RedisClient client) {
            return new OnRedis(client.connect());
        }

        /** A name that is not there. */
        void exists() {
            commands.exists("bare-absent");
        }

        /** Compares a row and sets it. */
        void script() {
            String next = "x".repeat(ROW_BYTES) + ++number;
            Long done = commands.evalsha(sha, ScriptOutputType.INTEGER, keys, row, next);
            if (done != 1) {
                throw new IllegalStateException("the row is another one");
            }
            row = next;
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
