package dev.curfew.examples.hosts;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.h2.tools.Server;

/** A database server that can be stopped and started again, with all that it holds. Confined to one thread. */
final class DatabaseServer implements AutoCloseable {
    private final String name = "mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

    /** Not by way of the server: looks into the database, and keeps it. */
    private final Connection inside;

    private Server server;

    private DatabaseServer() throws SQLException {
        this.inside = DriverManager.getConnection("jdbc:h2:" + name);
        this.server = listenOn(0);
    }

    static DatabaseServer start() {
        try {
            return new DatabaseServer();
        } catch (SQLException e) {
            throw new IllegalStateException("no database server", e);
        }
    }

    String url() {
        return "jdbc:h2:tcp://localhost:" + server.getPort() + "/" + name;
    }

    /** Cuts all connections and takes no more. */
    void stop() {
        server.stop();
    }

    /** Takes connections again, on the same port. */
    void startAgain() {
        try {
            server = listenOn(server.getPort());
        } catch (SQLException e) {
            throw new IllegalStateException("the database server does not start again", e);
        }
    }

    /** Lets a session look as if it had not been seen for some time. */
    void age(String session, Duration time) {
        try (PreparedStatement update = inside.prepareStatement(
                "UPDATE curfew_session SET last_seen_at = last_seen_at - ? WHERE session_id = ?")) {
            update.setLong(1, time.toMillis());
            update.setBytes(2, idOf(session));
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("there is no such session");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the session cannot be changed", e);
        }
    }

    /** How many acts have ended this very session; whoever found it ended has recorded nothing. */
    int endsOf(String session) {
        try (PreparedStatement query = inside.prepareStatement("SELECT COUNT(*) FROM curfew_revocation r"
                + " JOIN curfew_session s ON r.target_key = s.session_key WHERE s.session_id = ?")) {
            query.setBytes(1, idOf(session));
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("revocations cannot be counted", e);
        }
    }

    @Override
    public void close() {
        server.stop();
        try (inside) {
            inside.createStatement().execute("SHUTDOWN");
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not end", e);
        }
    }

    private static byte[] idOf(String session) {
        return Base64.getUrlDecoder().decode(session);
    }

    private static Server listenOn(int port) throws SQLException {
        return Server.createTcpServer("-tcpPort", Integer.toString(port)).start();
    }
}
