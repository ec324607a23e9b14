package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.sql.DataSource;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.session.Session;
import org.springframework.session.data.redis.RedisIndexedSessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.support.TransactionTemplate;

/** Builds the indexed repositories of Spring Session, as its own configuration does. */
final class SpringSessions {
    private static final String SCHEMA = "/org/springframework/session/jdbc/schema-postgresql.sql";

    private SpringSessions() {}

    static SpringSessionKeeper<? extends Session> onPostgres() {
        HikariDataSource pool = Servers.pool(2);
        HikariDataSource hasty = Servers.hastyPool();
        JdbcTemplate template = new JdbcTemplate(pool);
        if (Boolean.TRUE.equals(
                template.queryForObject("SELECT to_regclass('spring_session') IS NULL", Boolean.class))) {
            template.execute(schema());
        }
        return new SpringSessionKeeper<>(repository(hasty), repository(pool), () -> {
            pool.close();
            hasty.close();
        });
    }

    private static JdbcIndexedSessionRepository repository(DataSource pool) {
        JdbcIndexedSessionRepository repository = new JdbcIndexedSessionRepository(
                new JdbcTemplate(pool), new TransactionTemplate(new DataSourceTransactionManager(pool)));
        repository.setCleanupCron(Scheduled.CRON_DISABLED);
        repository.afterPropertiesSet();
        return repository;
    }

    static SpringSessionKeeper<? extends Session> onRedis() {
        LettuceConnectionFactory connections = redisConnections();
        RedisTemplate<String, Object> template = new RedisTemplate<>();
        template.setConnectionFactory(connections);
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.afterPropertiesSet();
        RedisIndexedSessionRepository repository = new RedisIndexedSessionRepository(template);
        repository.setCleanupCron(Scheduled.CRON_DISABLED);
        repository.afterPropertiesSet();
        return new SpringSessionKeeper<>(repository, repository, connections::destroy);
    }

    static LettuceConnectionFactory redisConnections() {
        LettuceConnectionFactory connections =
                new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", Servers.redisPort()));
        connections.afterPropertiesSet();
        connections.start();
        return connections;
    }

    private static String schema() {
        try (InputStream in = JdbcIndexedSessionRepository.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IllegalStateException("Spring Session brings no schema for PostgreSQL");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
