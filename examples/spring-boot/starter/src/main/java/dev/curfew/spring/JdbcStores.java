package dev.curfew.spring;

import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.jdbc.JdbcSessionStoreBuilder;
import dev.curfew.spring.CurfewProperties.InitializeSchema;
import dev.curfew.store.SessionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.util.ClassUtils;

/** Opens the store in the host's database. */
final class JdbcStores {
    private static final boolean HAS_SPRING_JDBC = ClassUtils.isPresent(
            "org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy", JdbcStores.class.getClassLoader());

    private JdbcStores() {}

    static SessionStore open(DataSource host, CurfewProperties.Store settings, Customizers customizers) {
        DataSource source = HAS_SPRING_JDBC ? HostTransactions.outside(host) : host;
        return Guarded.make("The store in the database", () -> {
            JdbcSessionStoreBuilder builder =
                    JdbcSessionStore.on(source).prefix(settings.jdbc().prefix()).callTimeout(settings.callTimeout());
            if (settings.jdbc().schema() != null) {
                builder.schema(settings.jdbc().schema());
            }
            customizers.apply(JdbcSessionStoreBuilder.class, builder);
            JdbcSessionStore store = builder.build();
            if (creates(settings.jdbc().initializeSchema(), source)) {
                store.migrate();
            }
            return store;
        });
    }

    private static boolean creates(InitializeSchema wish, DataSource source) {
        return wish == InitializeSchema.ALWAYS || wish == InitializeSchema.EMBEDDED && isEmbedded(source);
    }

    private static boolean isEmbedded(DataSource source) {
        try (Connection connection = source.getConnection()) {
            return connection.getMetaData().getURL().toLowerCase(Locale.ROOT).startsWith("jdbc:h2:mem:");
        } catch (SQLException e) {
            throw new CurfewStartException(
                    "Curfew cannot open the database of the bean DataSource: " + e.getMessage(),
                    "Check spring.datasource.url, spring.datasource.username and spring.datasource.password, and that"
                            + " the database is up.",
                    e);
        }
    }
}
