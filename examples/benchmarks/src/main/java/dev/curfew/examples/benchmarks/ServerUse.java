package dev.curfew.examples.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What a server of this machine has used: time of processors, and the log that it writes ahead. */
interface ServerUse extends AutoCloseable {
    /** Nanoseconds that all of its processes have worked, waiting for a processor not included. */
    long nanos();

    /** Bytes that it has logged; always zero for a server without a log. */
    long logged();

    @Override
    void close();

    static ServerUse ofPostgres() {
        return new OfPostgres();
    }

    static ServerUse ofRedis(RedisClient client) {
        long pid;
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            pid = connection
                    .sync()
                    .info("server")
                    .lines()
                    .filter(line -> line.startsWith("process_id:"))
                    .mapToLong(line -> Long.parseLong(
                            line.substring("process_id:".length()).strip()))
                    .findFirst()
                    .orElseThrow();
        }
        return new OfRedis(pid);
    }

    /** Linux counts for each thread, in nanoseconds. */
    static long nanosOf(long pid) {
        long nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                String use = Files.readString(thread.resolve("schedstat"));
                nanos += Long.parseLong(use.substring(0, use.indexOf(' ')));
            }
            return nanos;
        } catch (NoSuchFileException e) {
            throw new IllegalStateException("a process of the server has ended meanwhile", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One process. */
    record OfRedis(long pid) implements ServerUse {
        @Override
        public long nanos() {
            return nanosOf(pid);
        }

        @Override
        public long logged() {
            return 0;
        }

        @Override
        public void close() {}
    }

    /** A process for each connection, and some that write. */
    final class OfPostgres implements ServerUse {
        private final Connection connection;

        private OfPostgres() {
            try {
                connection = DriverManager.getConnection(Servers.postgresUrl());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public long nanos() {
            return ask("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type NOT LIKE"
                            + " 'autovacuum worker'")
                    .stream()
                    .mapToLong(ServerUse::nanosOf)
                    .sum();
        }

        @Override
        public long logged() {
            return ask("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")
                    .get(0);
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private List<Long> ask(String sql) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                List<Long> numbers = new ArrayList<>();
                while (rows.next()) {
                    numbers.add(rows.getLong(1));
                }
                return numbers;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
