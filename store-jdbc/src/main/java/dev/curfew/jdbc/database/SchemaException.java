package dev.curfew.jdbc.database;

import dev.curfew.session.CurfewException;

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
                        + ": call migrate(), or apply what writeSchema(...) prints, and grant the user all tables",
                cause);
    }

    private SchemaException(String sentence) {
        super(sentence, null);
    }

    /**
     * Creates the exception of a database that cannot keep every text.
     *
     * @param encoding its encoding
     * @return the exception
     */
    public static SchemaException ofEncoding(String encoding) {
        return new SchemaException("the database's encoding is " + encoding
                + ", which lacks characters that records have: the audit trail needs a database with ENCODING 'UTF8'");
    }
}
