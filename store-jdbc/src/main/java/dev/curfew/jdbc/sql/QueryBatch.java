package dev.curfew.jdbc.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Queries that are sent together where the database takes several statements at once, and one after another elsewhere.
 * Confined to one thread.
 *
 * <p>They are executed in their order, and at READ COMMITTED each sees what is committed when its own turn comes: what
 * stands behind a lock sees whatever the one who held it has written.
 */
public final class QueryBatch {
    /** Gives a query its parameters. */
    public interface Binder {
        void bind(SqlStatement parameters) throws SQLException;
    }

    /** What a query found, once the batch was sent. */
    public static final class Answer<T> {
        private final String sql;
        private final Binder binder;
        private final SqlStatement.RowReader<T> reader;
        private List<T> rows = List.of();

        private Answer(String sql, Binder binder, SqlStatement.RowReader<T> reader) {
            this.sql = sql;
            this.binder = binder;
            this.reader = reader;
        }

        public List<T> rows() {
            return rows;
        }

        public Optional<T> first() {
            return rows.stream().findFirst();
        }

        private void read(SqlStatement executed) throws SQLException {
            rows = executed.list(reader);
        }
    }

    private final SqlConnection connection;
    private final List<Answer<?>> queries = new ArrayList<>();

    public QueryBatch(SqlConnection connection) {
        this.connection = connection;
    }

    public <T> Answer<T> ask(String sql, Binder binder, SqlStatement.RowReader<T> reader) {
        Answer<T> answer = new Answer<>(sql, binder, reader);
        queries.add(answer);
        return answer;
    }

    public void send() throws SQLException {
        if (connection.dialect().takesSeveralStatements()) {
            send(queries);
        } else {
            for (Answer<?> one : queries) {
                send(List.of(one));
            }
        }
    }

    private void send(List<Answer<?>> together) throws SQLException {
        String sql = together.stream().map(query -> query.sql).collect(Collectors.joining("; "));
        try (SqlStatement select = connection.prepare(sql)) {
            for (Answer<?> query : together) {
                query.binder.bind(select);
            }
            for (Answer<?> query : together) {
                query.read(select);
            }
        }
    }
}
