/** The store of sessions and revocations, and the audit trail, in a relational database. */
module dev.curfew.jdbc {
    requires transitive dev.curfew.core;
    requires transitive java.sql;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.postgresql.jdbc;

    exports dev.curfew.jdbc;
    exports dev.curfew.jdbc.audit;
    exports dev.curfew.jdbc.database;
}
