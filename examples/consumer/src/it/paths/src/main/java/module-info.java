module com.example.consumer {
    requires dev.curfew.core;
    requires dev.curfew.jdbc;
    requires dev.curfew.redis;
    requires com.h2database;
    requires java.naming;
}
