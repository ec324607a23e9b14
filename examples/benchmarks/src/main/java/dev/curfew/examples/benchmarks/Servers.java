package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The PostgreSQL, the Redis and the Redis Cluster of this run: those that the program that forked this one started,
 * else own ones, started when they are first needed.
 *
 * <p>PostgreSQL commits to disk ({@code fsync}), as in production; Redis keeps everything in memory.
 */
final class Servers {
    private static final String POSTGRES = "curfew.benchmarks.postgres";
    private static final String REDIS = "curfew.benchmarks.redis";
    private static final String CLUSTER = "curfew.benchmarks.cluster";

    private Servers() {}

    /** Starts both, and answers the options by which a forked program finds them, and the cluster if there is one. */
    static List<String> shared() {
        List<String> options =
                new ArrayList<>(List.of("-D" + POSTGRES + "=" + postgresUrl(), "-D" + REDIS + "=" + redisPort()));
        String cluster = System.getProperty(CLUSTER);
        if (cluster != null) {
            options.add("-D" + CLUSTER + "=" + cluster);
        }
        return options;
    }

    static synchronized String postgresUrl() {
        String known = System.getProperty(POSTGRES);
        if (known == null) {
            known = startPostgres();
            System.setProperty(POSTGRES, known);
        }
        return known;
    }

    static synchronized int redisPort() {
        Integer known = Integer.getInteger(REDIS);
        if (known == null) {
            known = RedisServer.start();
            System.setProperty(REDIS, Integer.toString(known));
        }
        return known;
    }

    /** The primaries of a cluster, which is started when it is first needed. */
    static synchronized List<Integer> clusterPorts() {
        String known = System.getProperty(CLUSTER);
        if (known == null) {
            known = RedisClusters.start().stream().map(String::valueOf).collect(Collectors.joining(","));
            System.setProperty(CLUSTER, known);
        }
        return Arrays.stream(known.split(",")).map(Integer::valueOf).toList();
    }

    static HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgresUrl());
        config.setMaximumPoolSize(size);
        return new HikariDataSource(config);
    }

    /** Connections that do not wait for the disk, for what is filled and not measured. */
    static HikariDataSource hastyPool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgresUrl());
        config.setMaximumPoolSize(2);
        config.setConnectionInitSql("SET synchronous_commit = off");
        return new HikariDataSource(config);
    }

    static RedisClient redis() {
        return RedisClient.create(RedisURI.create("127.0.0.1", redisPort()));
    }

    private static String startPostgres() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_connections", "500")
                    .setServerConfig("shared_buffers", "512MB")
                    .setServerConfig("max_wal_size", "4GB")
                    .setRegisterShutdownHook(true)
                    .start()
                    .getJdbcUrl("postgres", "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
