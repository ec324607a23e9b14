/** The store of sessions and revocations in a relational database. */
module dev.curfew.jdbc {
    requires transitive dev.curfew.core;
    requires transitive java.sql;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.postgresql.jdbc;

    exports dev.curfew.jdbc;
}
