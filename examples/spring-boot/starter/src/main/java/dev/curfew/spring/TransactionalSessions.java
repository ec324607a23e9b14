package dev.curfew.spring;

import dev.curfew.JoinedSessions;
import dev.curfew.PendingOutcome;
import dev.curfew.RevocationOutcome;
import dev.curfew.SessionService;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.session.CurfewException;
import dev.curfew.store.SessionStore;
import java.sql.Connection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Ends sessions as part of Spring's transaction: a change of password and the end of all other sessions, say, both or
 * neither. Thread-safe; a bean where sessions are kept in the host's database. <pre>{@code @Transactional
 * public void changePassword(Caller caller, String password) {
 *     users.update(caller, password);
 *     sessions.inTransaction(joined -> joined.revokeOtherSessions(caller, BECAUSE));
 * }}</pre>
 *
 * <p>Make it the last statement: from then on, logins of that subject wait until the transaction ends. The transaction
 * is one at READ COMMITTED of the bean {@link DataSource} in which the store is; on MySQL and MariaDB, whose default is
 * another one, say {@code @Transactional(isolation = Isolation.READ_COMMITTED)}.
 */
public final class TransactionalSessions {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalSessions.class);

    private static final String ELSEWHERE = "the sessions are in another DataSource than the one whose transaction is"
            + " to be joined: give JdbcSessionStore.on(dataSource) and TransactionalSessions.of(sessions, store,"
            + " dataSource) the same one, and define both as beans";

    private final SessionService sessions;
    private final SessionStore store;
    private final DataSource dataSource;

    /** One that is not used says nothing of its database: which one is compared when a transaction is joined. */
    TransactionalSessions(SessionService sessions, SessionStore store, DataSource dataSource) {
        this.sessions = sessions;
        this.store = store;
        this.dataSource = dataSource;
    }

    /**
     * For a host with several databases, which has to say in which of them the sessions are.
     *
     * @param sessions the service
     * @param store the service's own, a {@link JdbcSessionStore}
     * @param dataSource of the store and of Spring's transactions, the same one
     * @return sessions that end in transactions of that database
     * @throws IllegalArgumentException if the store is in another one
     */
    public static TransactionalSessions of(SessionService sessions, SessionStore store, DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        if (store.ability(JdbcSessionStore.class)
                .filter(jdbc -> !HostTransactions.isOn(jdbc, dataSource))
                .isPresent()) {
            throw new IllegalArgumentException(ELSEWHERE);
        }
        return new TransactionalSessions(Objects.requireNonNull(sessions, "sessions"), store, dataSource);
    }

    /**
     * Ends sessions in the transaction of this thread. After its commit this node refuses what was revoked and
     * listeners are told, before the call of the transactional method returns; after a rollback nothing was revoked.
     * If the store does not answer just after the commit, the revocation holds all the same, and all nodes learn of
     * it through the feed.
     *
     * @param work one call; it may be made several times in one transaction
     * @return what will have become of it if the transaction commits
     * @throws IllegalStateException if there is no transaction of that database on this thread, or the store is another
     *     one or in another database
     * @throws dev.curfew.store.StoreUnavailableException if the database refuses; let it roll the transaction back
     */
    public RevocationOutcome inTransaction(Function<JoinedSessions, PendingOutcome> work) {
        Objects.requireNonNull(work, "work");
        JdbcSessionStore jdbc = store.ability(JdbcSessionStore.class)
                .orElseThrow(() -> new IllegalStateException(
                        "inTransaction(...) needs sessions in the host's database, and the store is another one"));
        if (!HostTransactions.isOn(jdbc, dataSource)) {
            throw new IllegalStateException(ELSEWHERE);
        }
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            throw noTransaction();
        }
        Connection connection =
                HostTransactions.connection(dataSource).orElseThrow(TransactionalSessions::noTransaction);
        PendingOutcome pending = work.apply(sessions.in(jdbc.join(connection)));
        TransactionSynchronizationManager.registerSynchronization(new Telling(pending));
        return pending.outcome();
    }

    private static IllegalStateException noTransaction() {
        return new IllegalStateException("inTransaction(...) needs a transaction of the bean DataSource on this thread:"
                + " call it from a method with @Transactional, through its bean and not through `this`");
    }

    /** Tells what became of the transaction, or of the part of it that began at a savepoint. Confined to one thread. */
    private static final class Telling implements TransactionSynchronization {
        private final PendingOutcome pending;

        /** Those that were made after the revocation, which a return to them leaves as it is. */
        private final Set<Object> later = Collections.newSetFromMap(new IdentityHashMap<>());

        private boolean undone;

        Telling(PendingOutcome pending) {
            this.pending = pending;
        }

        @Override
        public void savepoint(Object savepoint) {
            later.add(savepoint);
        }

        @Override
        public void savepointRollback(Object savepoint) {
            if (!later.contains(savepoint)) {
                undo();
            }
        }

        private void undo() {
            if (!undone) {
                undone = true;
                pending.rolledBack();
            }
        }

        @Override
        public void afterCommit() {
            if (undone) {
                return;
            }
            try {
                pending.committed();
            } catch (CurfewException e) {
                // It holds, and the feed brings it; the host's own work is done and must not look as if it were not.
                LOG.warn("a revocation was committed, and is told by the feed: {}", e.getMessage());
            }
        }

        @Override
        public void afterCompletion(int status) {
            if (status == STATUS_ROLLED_BACK) {
                undo();
            }
        }
    }
}
