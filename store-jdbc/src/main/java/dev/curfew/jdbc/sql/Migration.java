package dev.curfew.jdbc.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One numbered script, as it lies in the resources of this module. Immutable.
 *
 * @param name of the resource {@code <dialect>/<name>.sql}
 * @param probe a query that an unknown column or table fails where the script was not applied, or null if other
 *     statements show that anyway
 */
record Migration(String name, @Nullable String probe) {
    static Migration of(String name) {
        return new Migration(name, null);
    }

    /** The scripts hold no semicolon but those that end a statement. */
    List<String> statements(Dialect dialect) {
        List<String> statements = new ArrayList<>();
        StringBuilder code = new StringBuilder();
        text(dialect)
                .lines()
                .filter(line -> !line.startsWith("--"))
                .forEach(line -> code.append(line).append('\n'));
        for (String statement : code.toString().split(";", -1)) {
            if (!statement.isBlank()) {
                statements.add(statement.strip());
            }
        }
        return statements;
    }

    String text(Dialect dialect) {
        String path = "/dev/curfew/jdbc/migration/" + dialect.folder() + "/" + name + ".sql";
        try (InputStream stream = Migration.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + path + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
