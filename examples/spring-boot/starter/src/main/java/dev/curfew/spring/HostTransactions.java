package dev.curfew.spring;

import dev.curfew.jdbc.JdbcSessionStore;
import java.sql.Connection;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Finds the connection of Spring's transaction, and keeps Curfew's own calls out of it. */
final class HostTransactions {
    private HostTransactions() {}

    /** What Curfew decides by itself is not to be rolled back with the host's work. */
    static DataSource outside(DataSource host) {
        DataSource source = host;
        while (source instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
            source = proxy.getTargetDataSource();
        }
        return source;
    }

    /** Whether the store works on what Spring knows by this name, whatever proxies stand in front of it. */
    static boolean isOn(JdbcSessionStore store, DataSource host) {
        DataSource source = host;
        while (!store.isOn(source)) {
            if (!(source instanceof DelegatingDataSource proxy) || proxy.getTargetDataSource() == null) {
                return false;
            }
            source = proxy.getTargetDataSource();
        }
        return true;
    }

    /** The connection on which the transaction of this thread works, if it is one of this database. */
    static Optional<Connection> connection(DataSource host) {
        return Optional.ofNullable(TransactionSynchronizationManager.getResource(outside(host)))
                .filter(ConnectionHolder.class::isInstance)
                .map(ConnectionHolder.class::cast)
                .map(ConnectionHolder::getConnection);
    }
}
