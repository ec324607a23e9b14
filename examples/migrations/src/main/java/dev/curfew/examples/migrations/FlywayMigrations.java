package dev.curfew.examples.migrations;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Applies Curfew's scripts with Flyway, which keeps their history beside the host's own. */
public final class FlywayMigrations {
    private FlywayMigrations() {}

    /** As a step of a deployment, with a user who may create tables: before the first new node starts. */
    public static void main(String[] args) {
        // A connection of its own, so that the bound does not stay behind on one of the host's pool. It keeps a script
        // from holding everybody up behind a table that a report is reading: it fails, and is applied again later.
        FluentConfiguration database = Flyway.configure()
                .dataSource(System.getenv("JDBC_URL"), System.getenv("JDBC_USER"), System.getenv("JDBC_PASSWORD"))
                .initSql("SET lock_timeout = '1s'");
        sessions(database, "classpath:dev/curfew/jdbc/migration/postgresql")
                .load()
                .migrate();
    }

    /** The tables of {@code JdbcSessionStore}. */
    static FluentConfiguration sessions(FluentConfiguration database, String scripts) {
        return database.locations(scripts)
                .table("curfew_flyway_history") // the host's own is flyway_schema_history
                .baselineOnMigrate(true) // the host's tables stand there already
                .baselineVersion("0"); // and none is Curfew's: with the default, 1, Flyway leaves V1 out
    }

    /** The tables of {@code JdbcAuditSink}, whose scripts begin with A and lie in the same folder. */
    static FluentConfiguration audit(FluentConfiguration database, String scripts) {
        return sessions(database, scripts).sqlMigrationPrefix("A").table("curfew_audit_flyway_history");
    }
}
