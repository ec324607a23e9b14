package dev.curfew.examples.migrations;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.resource.CompositeResourceAccessor;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.resource.ResourceAccessor;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** The two tools, asked for the same things. */
enum Tool {
    FLYWAY {
        @Override
        void migrateHost(DataSource database, int version) {
            Flyway.configure()
                    .dataSource(database)
                    .locations("classpath:host")
                    .target(String.valueOf(version))
                    .baselineOnMigrate(true) // where Curfew was first, its tables stand there already
                    .baselineVersion("0")
                    .load()
                    .migrate();
        }

        @Override
        void migrateCurfew(DataSource database, TestDatabase kind, int version) {
            FlywayMigrations.sessions(Flyway.configure().dataSource(database), kind.scripts)
                    .target(String.valueOf(version))
                    .load()
                    .migrate();
        }

        @Override
        void migrateCurfew(DataSource database, TestDatabase kind) {
            FluentConfiguration configuration = Flyway.configure().dataSource(database);
            FlywayMigrations.sessions(configuration, kind.scripts).load().migrate();
            FlywayMigrations.audit(configuration, kind.scripts).load().migrate();
        }

        @Override
        void migrateCurfew(DataSource database, TestDatabase kind, String schema) {
            FlywayMigrations.sessions(Flyway.configure().dataSource(database), kind.scripts)
                    .schemas(kind.spelled(schema))
                    .load()
                    .migrate();
        }

        @Override
        void migrateCurfew(DataSource database, Path written) {
            FlywayMigrations.sessions(Flyway.configure().dataSource(database), "filesystem:" + written)
                    .load()
                    .migrate();
        }

        @Override
        void validate(DataSource database, TestDatabase kind) {
            Flyway.configure()
                    .dataSource(database)
                    .locations("classpath:host")
                    .ignoreMigrationPatterns("*:pending")
                    .load()
                    .validate();
            FlywayMigrations.sessions(Flyway.configure().dataSource(database), kind.scripts)
                    .load()
                    .validate();
        }

        @Override
        String historyOfHost() {
            return "flyway_schema_history";
        }

        @Override
        String historyOfCurfew() {
            return "curfew_flyway_history";
        }
    },

    LIQUIBASE {
        @Override
        void migrateHost(DataSource database, int version) throws SQLException, LiquibaseException {
            try (Connection connection = database.getConnection();
                    Liquibase host = host(connection)) {
                host.update(version - host.getDatabase().getRanChangeSetList().size(), "");
            }
        }

        @Override
        void migrateCurfew(DataSource database, TestDatabase kind, int version)
                throws SQLException, LiquibaseException {
            try (Connection connection = database.getConnection();
                    Liquibase curfew = LiquibaseMigrations.curfew(connection, new ClassLoaderResourceAccessor())) {
                curfew.update(version, "");
            }
        }

        @Override
        void migrateCurfew(DataSource database, TestDatabase kind) throws SQLException, LiquibaseException {
            try (Connection connection = database.getConnection();
                    Liquibase curfew = LiquibaseMigrations.curfew(connection, new ClassLoaderResourceAccessor())) {
                curfew.update();
            }
        }

        @Override
        void migrateCurfew(DataSource database, TestDatabase kind, String schema)
                throws SQLException, LiquibaseException {
            TestDatabase.execute(database, "CREATE SCHEMA IF NOT EXISTS " + schema);
            try (Connection connection = database.getConnection()) {
                connection.setSchema(kind.spelled(schema));
                try (Liquibase curfew = LiquibaseMigrations.curfew(connection, new ClassLoaderResourceAccessor())) {
                    curfew.update();
                }
            }
        }

        @Override
        void migrateCurfew(DataSource database, Path written) throws Exception {
            ResourceAccessor files = new CompositeResourceAccessor(
                    new ClassLoaderResourceAccessor(), new DirectoryResourceAccessor(written.getParent()));
            try (Connection connection = database.getConnection();
                    Liquibase curfew = LiquibaseMigrations.curfew(connection, files)) {
                curfew.setChangeLogParameter(
                        "curfew.scripts", written.getFileName().toString());
                curfew.update();
            }
        }

        @Override
        void validate(DataSource database, TestDatabase kind) throws SQLException, LiquibaseException {
            try (Connection connection = database.getConnection();
                    Liquibase host = host(connection)) {
                host.validate();
            }
            try (Connection connection = database.getConnection();
                    Liquibase curfew = LiquibaseMigrations.curfew(connection, new ClassLoaderResourceAccessor())) {
                curfew.validate();
            }
        }

        @Override
        String historyOfHost() {
            return "databasechangelog";
        }

        @Override
        String historyOfCurfew() {
            return "curfew_changelog";
        }

        private Liquibase host(Connection connection) throws LiquibaseException {
            return new Liquibase(
                    "host-changelog.xml",
                    new ClassLoaderResourceAccessor(),
                    DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection)));
        }
    };

    /** The host's own scripts up to a version. */
    abstract void migrateHost(DataSource database, int version) throws Exception;

    /** Curfew's scripts up to a version. */
    abstract void migrateCurfew(DataSource database, TestDatabase kind, int version) throws Exception;

    /** All of Curfew's scripts, those of the audit trail too. */
    abstract void migrateCurfew(DataSource database, TestDatabase kind) throws Exception;

    /** The same in another schema than the usual one. */
    abstract void migrateCurfew(DataSource database, TestDatabase kind, String schema) throws Exception;

    /** What the store has written. */
    abstract void migrateCurfew(DataSource database, Path written) throws Exception;

    /** Both histories agree with their scripts. */
    abstract void validate(DataSource database, TestDatabase kind) throws Exception;

    abstract String historyOfHost();

    abstract String historyOfCurfew();
}
