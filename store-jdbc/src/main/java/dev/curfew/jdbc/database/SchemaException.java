package dev.curfew.jdbc.database;

import dev.curfew.session.CurfewException;
import org.jspecify.annotations.Nullable;

/**
 * The tables are missing, older than this version, or closed to the user of the connection, or the database cannot keep
 * every text.
 */
public final class SchemaException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception of a verb whose statements were refused.
     *
     * @param operation which verb
     * @param cause what the driver said
     */
    public SchemaException(String operation, Throwable cause) {
        super(
                "the database refused the statements of " + operation
                        + ": grant the user of the connection SELECT, INSERT, UPDATE and DELETE on all tables, and call"
                        + " migrate(), or apply what writeSchema(...) prints, if they are older",
                cause);
    }

    /**
     * Creates the exception of tables that are not there.
     *
     * @param operation which verb
     * @param tables how they begin, with the schema if there is one
     * @param cause what the driver said
     * @return the exception
     */
    public static SchemaException ofTables(String operation, String tables, Throwable cause) {
        return new SchemaException(
                cause,
                "the database has not all tables " + tables + " that " + operation + " needs: call migrate(), or apply"
                        + " what writeSchema(...) prints; if they stand elsewhere, say schema(...) and prefix(...)");
    }

    private SchemaException(@Nullable Throwable cause, String sentence) {
        super(sentence, cause);
    }

    /**
     * Creates the exception of tables that are older than this version.
     *
     * @param migration the name of the first script that was not applied
     * @param cause what the driver said
     * @return the exception
     */
    public static SchemaException ofMissing(String migration, Throwable cause) {
        return new SchemaException(
                cause,
                "the tables are older than this version: the migration " + migration
                        + " is missing. Call migrate(), or apply that script as writeSchema(...) prints it;"
                        + " nodes of the version before go on working meanwhile");
    }

    /**
     * Creates the exception of a database that cannot keep every text.
     *
     * @param encoding its encoding
     * @return the exception
     */
    public static SchemaException ofEncoding(String encoding) {
        return new SchemaException(
                null,
                "the database's encoding is " + encoding + ", which lacks characters that records have:"
                        + " the audit trail needs a database with ENCODING 'UTF8'");
    }
}
