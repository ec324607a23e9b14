package dev.curfew.examples.migrations;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.resource.ResourceAccessor;

/** Applies Curfew's scripts with Liquibase, which keeps their history beside the host's own. */
public final class LiquibaseMigrations {
    private LiquibaseMigrations() {}

    /** As a step of a deployment, with a user who may create tables: before the first new node starts. */
    public static void main(String[] args) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        System.getenv("JDBC_URL"), System.getenv("JDBC_USER"), System.getenv("JDBC_PASSWORD"));
                Statement bound = connection.createStatement()) {
            // Keeps a script from holding everybody up behind a table that a report is reading: it fails, and is
            // applied again later.
            bound.execute("SET lock_timeout = '1s'");
            curfew(connection, new ClassLoaderResourceAccessor()).update();
        }
    }

    /** The tables of {@code JdbcSessionStore} and of {@code JdbcAuditSink}, as the changelog says. */
    static Liquibase curfew(Connection connection, ResourceAccessor files) throws LiquibaseException {
        Database database =
                DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
        database.setDatabaseChangeLogTableName("curfew_changelog"); // the host's own is databasechangelog
        database.setDatabaseChangeLogLockTableName("curfew_changelog_lock");
        return new Liquibase("curfew-changelog.xml", files, database);
    }
}
