package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.Given;
import dev.curfew.jdbc.audit.JdbcAuditSink;
import dev.curfew.jdbc.database.SchemaException;
import dev.curfew.jdbc.database.UnsupportedDatabaseException;
import dev.curfew.jdbc.sql.Dialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables: created on request only, and the same by every way. */
final class SchemaTest {
    private static final Map<TestDatabase, String> FOLDERS =
            Map.of(TestDatabase.POSTGRESQL, "postgresql", TestDatabase.MARIADB, "mysql", TestDatabase.H2, "h2");

    @ParameterizedTest
    @EnumSource
    void what_is_printed_is_the_migrations_and_creates_a_store_that_works(TestDatabase database) throws Exception {
        StringWriter plain = new StringWriter();
        JdbcSessionStore.on(database.pool()).build().writeSchema(plain);
        assertThat(plain.toString())
                .isEqualTo(script(database, "V1__curfew")
                        + script(database, "V2__credential")
                        + script(database, "V3__client")
                        + script(database, "V4__record"));

        String prefix = Stores.prefix();
        StringWriter prefixed = new StringWriter();
        JdbcSessionStore store = Stores.node(database.pool(), prefix);
        store.writeSchema(prefixed);
        assertThat(prefixed.toString()).doesNotContain("curfew_");
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            for (String part : prefixed.toString().replaceAll("(?m)^--.*$", "").split(";", -1)) {
                if (!part.isBlank()) {
                    statement.execute(part);
                }
            }
        }
        store.open(Given.SETTINGS, Given.BIRTH);
        Stores.login(store, Given.subject("alice"));
        store.migrate();
        store.migrate();
        Stores.login(store, Given.subject("alice"));
    }

    @ParameterizedTest
    @EnumSource
    void what_is_written_for_other_tools_is_what_is_printed_in_a_file_for_each_script(
            TestDatabase database, @TempDir Path folder) throws Exception {
        Path written = folder.resolve("scripts");
        JdbcSessionStore store = JdbcSessionStore.on(database.pool())
                .schema("tenants")
                .prefix("shop_")
                .build();
        StringWriter printed = new StringWriter();
        store.writeSchema(printed);

        store.writeMigrations(written);
        store.writeMigrations(written);

        StringBuilder text = new StringBuilder();
        for (String name : List.of("V1__curfew", "V2__credential", "V3__client", "V4__record")) {
            text.append(Files.readString(written.resolve(name + ".sql")));
        }
        assertThat(text.toString())
                .isEqualTo(printed.toString())
                .contains("tenants.shop_session")
                .doesNotContain("curfew_");
        JdbcAuditSink.on(database.pool()).build().writeMigrations(written);
        assertThat(written.resolve("A1__audit.sql")).content().isEqualTo(script(database, "A1__audit"));
    }

    static String script(TestDatabase database, String name) throws IOException {
        try (InputStream file = JdbcSessionStore.class.getResourceAsStream(
                "migration/" + FOLDERS.get(database) + "/" + name + ".sql")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_created_unless_the_host_asks(TestDatabase database) {
        JdbcSessionStore store = Stores.node(database.pool(), Stores.prefix());
        assertThatExceptionOfType(SchemaException.class)
                .isThrownBy(() -> store.open(Given.SETTINGS, Given.BIRTH))
                .withMessageContaining("migrate()");
    }

    @Test
    void a_schema_of_its_own_holds_all_tables() throws Exception {
        try (Connection connection = TestDatabase.POSTGRESQL.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA tenants");
            JdbcSessionStore store = JdbcSessionStore.on(TestDatabase.POSTGRESQL.pool())
                    .schema("tenants")
                    .prefix("_x1_")
                    .build();
            store.migrate();
            store.open(Given.SETTINGS, Given.BIRTH);
            Stores.login(store, Given.subject("alice"));
            try (ResultSet row = statement.executeQuery(
                    "SELECT count(*) FROM pg_tables WHERE schemaname = 'tenants' AND tablename LIKE '\\_x1\\_%'")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(6);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a-b", "a.b", "a;DROP TABLE x", "a b", "é", "a\"", "a\n"})
    void what_is_no_plain_identifier_is_refused(String name) {
        JdbcSessionStoreBuilder builder = JdbcSessionStore.on(TestDatabase.H2.pool());
        assertThatIllegalArgumentException().isThrownBy(() -> builder.prefix(name));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.schema(name));
    }

    @Test
    void an_unknown_database_is_refused_with_a_sentence() {
        assertThatExceptionOfType(UnsupportedDatabaseException.class)
                .isThrownBy(() -> Dialect.ofProduct("Oracle"))
                .withMessageContaining("Oracle")
                .withMessageContaining("POSTGRESQL, MYSQL, H2")
                .withMessageContaining("dialect(");
    }
}
