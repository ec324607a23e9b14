package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The processes of a PostgreSQL server: the one that listens and its children as they are now. */
public final class ServerProcesses {
    private final List<String> ids;

    private ServerProcesses(List<String> ids) {
        this.ids = ids;
    }

    public static ServerProcesses of(HikariDataSource pool) throws Exception {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            ProcessHandle server =
                    ProcessHandle.of(row.getLong(1)).orElseThrow().parent().orElseThrow();
            return new ServerProcesses(Stream.concat(Stream.of(server), server.descendants())
                    .map(process -> Long.toString(process.pid()))
                    .toList());
        }
    }

    /** STOP, CONT or KILL. */
    public void signal(String name) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        command.addAll(ids);
        try {
            new ProcessBuilder(command).start().waitFor();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
