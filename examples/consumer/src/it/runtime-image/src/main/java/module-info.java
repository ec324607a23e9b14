module com.example.consumer {
    requires dev.curfew.core;
    requires dev.curfew.jdbc;
}
