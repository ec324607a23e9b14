package dev.curfew.examples.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** PostgreSQL's NOTIFY, received by a thread that waits inside the driver. */
final class BareNotify implements BareHint {
    private static final int WAIT_MILLIS = 1_000;

    private final Connection sending;
    private final Statement notify;
    private final Connection receiving;
    private final AtomicInteger received = new AtomicInteger();
    private volatile boolean isClosed;

    private BareNotify(Connection sending, Connection receiving) throws SQLException {
        this.sending = sending;
        this.receiving = receiving;
        this.notify = sending.createStatement();
    }

    static BareNotify open() throws SQLException {
        BareNotify opened = new BareNotify(
                DriverManager.getConnection(Servers.postgresUrl()), DriverManager.getConnection(Servers.postgresUrl()));
        try (Statement listen = opened.receiving.createStatement()) {
            listen.execute("LISTEN bare");
        }
        Thread thread = new Thread(opened::receive, "bare-notify");
        thread.setDaemon(true);
        thread.start();
        return opened;
    }

    private void receive() {
        try {
            PGConnection driver = receiving.unwrap(PGConnection.class);
            while (!isClosed) {
                PGNotification[] some = driver.getNotifications(WAIT_MILLIS);
                received.addAndGet(some == null ? 0 : some.length);
            }
            receiving.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void send() {
        try {
            notify.execute("NOTIFY bare");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int received() {
        return received.get();
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            sending.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
