package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.jdbc.feed.FeedQuery;
import dev.curfew.jdbc.feed.FeedRow;
import dev.curfew.jdbc.feed.NumberStep;
import dev.curfew.jdbc.sql.Dialect;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.sql.TableNames;
import dev.curfew.jdbc.step.CloseStep;
import dev.curfew.jdbc.step.RevokeStep;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Runs random histories of the feed, one after another, on the tables of one store. Confined to one thread. */
final class FeedHistories implements AutoCloseable {
    private static final int STEPS = 60;

    private final String prefix = Stores.prefix();

    /** No crash of the server is part of a history, so that nobody need wait for its disk. */
    private final HikariDataSource pool =
            Pools.of(Postgres.url(), 4, config -> config.setConnectionInitSql("SET synchronous_commit = off"));

    private final JdbcSessionStore store;
    private final Connection admin;
    private final List<Open> open = new ArrayList<>();
    private final List<RevocationRequest> acts = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final List<Stored> stored = new ArrayList<>();

    /** What the store has acknowledged and not lost since. */
    private final Set<Revocation> acknowledged = new HashSet<>();

    private Set<Revocation> acknowledgedAtBackup = new HashSet<>();
    private boolean hasBackup;
    private Random random = new Random();
    private Instant now = Given.NOW;
    private long ticks;
    private long checked;

    FeedHistories() throws SQLException {
        Stores.opened(pool, prefix);
        this.store = Stores.on(pool, prefix).ticker(() -> ticks).build();
        this.admin = pool.getConnection();
        for (String table : List.of("revocation", "state")) {
            sql("CREATE TABLE " + prefix + "backup_" + table + " AS TABLE " + prefix + table);
        }
    }

    long checked() {
        return checked;
    }

    void run(long seed) throws Exception {
        begin(seed);
        try {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            for (Reader reader : readers) {
                reader.read(10_000, true);
            }
        } finally {
            endAll();
        }
    }

    private void begin(long seed) throws SQLException {
        random = new Random(seed);
        now = Given.NOW;
        sql("TRUNCATE " + prefix + "revocation, " + prefix + "subject, " + prefix + "session RESTART IDENTITY");
        sql("UPDATE " + prefix + "state SET amount = 0 WHERE name = 'feed'");
        store.open(Given.SETTINGS, Given.BIRTH);
        acts.clear();
        stored.clear();
        readers.clear();
        acknowledged.clear();
        hasBackup = false;
        for (int i = 0; i < 2; i++) {
            readers.add(new Reader(store.feed().follower(), FeedPosition.beginning(), Set.of()));
        }
    }

    private void step() throws Exception {
        int what = random.nextInt(100);
        if (what < 14) {
            acknowledge(store.revoke(act(), Precondition.none(), now));
        } else if (what < 26) {
            write();
        } else if (what < 40) {
            end();
        } else if (what < 66) {
            reader().read(1 + random.nextInt(4), random.nextInt(4) > 0);
        } else if (what < 80) {
            int steps = random.nextInt(3);
            int[] done = {0};
            reader().feed.upkeep(now, () -> done[0]++ < steps);
        } else if (what < 84) {
            stall();
        } else if (what < 88) {
            backUp();
        } else if (what < 91) {
            restore();
        } else if (what < 93) {
            store.purge(now, 100);
        } else if (what < 96) {
            readStored();
        } else {
            pass();
        }
    }

    /** A name that nobody is just about to commit; now and then one that was used before. */
    private RevocationRequest act() {
        if (!acts.isEmpty() && random.nextInt(5) == 0) {
            return acts.get(random.nextInt(acts.size()));
        }
        RevocationRequest request = request();
        acts.add(request);
        return request;
    }

    private RevocationRequest request() {
        String name = "s" + random.nextLong();
        return random.nextBoolean()
                ? Given.act(RevocationTarget.subject(Given.subject(name))).build()
                : Given.act(Given.tokenTarget(Given.subject("alice"), name))
                        .forgetAfter(now.plus(Duration.ofMinutes(1 + random.nextInt(600))))
                        .build();
    }

    private void acknowledge(RevokeResult result) {
        acknowledged.add(((RevokeResult.Recorded) result).entry());
    }

    /** A writer that is at work for a while: of the store itself, or of a host that the store has joined. */
    private void write() throws SQLException {
        boolean joins = random.nextInt(3) == 0;
        RevocationRequest request = request();
        Connection connection = TestDatabase.POSTGRESQL.transaction();
        open.add(new Open(connection, joins, request));
        if (joins) {
            store.revokeIn(connection, request, Precondition.none(), now);
        } else {
            Open last = open.get(open.size() - 1);
            last.entry = ((RevokeResult.Recorded) new RevokeStep(connected(connection), Given.SETTINGS, now)
                            .revoke(request, Precondition.none())
                            .result())
                    .entry();
        }
    }

    /** A node that numbers or closes and stops before its commit. */
    private void stall() throws SQLException {
        if (open.stream().anyMatch(one -> one.isStalled)) {
            return;
        }
        Connection connection = TestDatabase.POSTGRESQL.transaction();
        Open stalled = new Open(connection, false, null);
        stalled.isStalled = true;
        open.add(stalled);
        SqlConnection own = connected(connection);
        if (random.nextBoolean()) {
            List<Long> seqs = new FeedQuery(own).unnumbered(1 + random.nextInt(5));
            if (!seqs.isEmpty()) {
                NumberStep.number(own, seqs, now);
            }
        } else {
            FeedQuery query = new FeedQuery(own);
            var joined = query.askJoined();
            query.send();
            for (FeedRow row : joined.rows()) {
                if (row.isOpen()) {
                    new CloseStep(own, Given.SETTINGS, now).tryClose(row.row().id());
                }
            }
        }
    }

    private void end() throws SQLException {
        if (!open.isEmpty()) {
            end(open.remove(random.nextInt(open.size())), random.nextInt(4) > 0);
        }
    }

    private void end(Open one, boolean commits) throws SQLException {
        if (commits) {
            one.connection.commit();
            if (one.entry != null) {
                acknowledged.add(one.entry);
                acts.add(one.request);
            } else if (one.joins) {
                // While it is open it covers all, and once it is closed whatever began before now.
                acknowledged.add(Revocation.of(one.request.target())
                        .revokedAt(now)
                        .issuedBefore(now)
                        .because(one.request.reason(), one.request.actor())
                        .forgetAfter(one.request
                                .fix(now, Given.SETTINGS, Instant.EPOCH, Optional.empty())
                                .forgetAfter())
                        .build());
            }
        } else {
            one.connection.rollback();
        }
        one.connection.close();
    }

    private void endAll() throws SQLException {
        for (Open one : open) {
            one.connection.rollback();
            one.connection.close();
        }
        open.clear();
    }

    /** All that is committed now; what comes later may be lost. */
    private void backUp() throws SQLException {
        for (String table : List.of("revocation", "state")) {
            sql("DELETE FROM " + prefix + "backup_" + table);
            sql("INSERT INTO " + prefix + "backup_" + table + " SELECT * FROM " + prefix + table);
        }
        acknowledgedAtBackup = new HashSet<>(acknowledged);
        hasBackup = true;
    }

    /** A server with a shorter history takes over, which gives places and numbers once more. */
    private void restore() throws SQLException {
        if (!hasBackup) {
            return;
        }
        endAll();
        Set<Revocation> before = standing();
        for (String table : List.of("revocation", "state")) {
            sql("DELETE FROM " + prefix + table);
            sql("INSERT INTO " + prefix + table + " SELECT * FROM " + prefix + "backup_" + table);
        }
        sql("SELECT setval(pg_get_serial_sequence('" + prefix + "revocation', 'seq')," + " (SELECT MAX(seq) FROM "
                + prefix + "revocation))");
        acknowledged.retainAll(acknowledgedAtBackup);
        before.removeAll(standing());
        readers.forEach(reader -> reader.lose(before));
        // Those without memory are told by their place alone, if at all.
        stored.clear();
        if (random.nextBoolean()) {
            now = now.plusSeconds(random.nextInt(30));
            // Whoever got no answer asks again, and may get the same place for a later instant.
            acts.stream()
                    .filter(act ->
                            before.stream().anyMatch(entry -> entry.target().equals(act.target())))
                    .limit(3)
                    .forEach(act -> acknowledge(store.revoke(act, Precondition.none(), now)));
        }
    }

    /** What stands there and has its instants. */
    private Set<Revocation> standing() throws SQLException {
        try (SqlStatement select = connected(admin)
                .prepare("SELECT " + RevocationTable.COLUMNS + " FROM curfew_revocation r WHERE r.is_open <> 1")) {
            Set<Revocation> standing = new HashSet<>();
            select.list(RevocationTable::read).forEach(row -> standing.add(row.required()));
            return standing;
        }
    }

    /** A position that was kept, used by somebody who has what was read until then and no memory. */
    private void readStored() throws SQLException {
        if (!stored.isEmpty()) {
            Stored one = stored.get(random.nextInt(stored.size()));
            new Reader(store.feed(), one.position, one.index).read(1 + random.nextInt(4), true);
        }
    }

    private void pass() throws SQLException {
        Duration step = random.nextBoolean()
                ? Duration.ofSeconds(1 + random.nextInt(60))
                : Duration.ofMinutes(1 + random.nextInt(90));
        // The server ends what takes too long, unless it is the host's.
        for (Open one : List.copyOf(open)) {
            one.age = one.age.plus(step);
            if (!one.joins && one.age.compareTo(Duration.ofSeconds(100)) > 0) {
                open.remove(one);
                end(one, false);
            }
        }
        now = now.plus(step);
        ticks += step.toNanos();
    }

    private Reader reader() {
        return readers.get(random.nextInt(readers.size()));
    }

    private SqlConnection connected(Connection connection) {
        return new SqlConnection(connection, Dialect.POSTGRESQL, new TableNames("", prefix), (at, reading) -> at, null);
    }

    private void sql(String text) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute(text);
        }
    }

    @Override
    public void close() throws SQLException {
        endAll();
        admin.close();
        pool.close();
    }

    /** A transaction that is at work. */
    private static final class Open {
        private final Connection connection;
        private final boolean joins;

        /** Null of a node that numbers or closes. */
        private final RevocationRequest request;

        private Revocation entry;
        private boolean isStalled;
        private Duration age = Duration.ZERO;

        private Open(Connection connection, boolean joins, RevocationRequest request) {
            this.connection = connection;
            this.joins = joins;
            this.request = request;
        }
    }

    private record Stored(FeedPosition position, Set<Revocation> index) {}

    /** Reads on, and joins what it is told. */
    private final class Reader {
        private final RevocationFeed feed;
        private final Set<Revocation> index;
        private final Set<Revocation> opened = new HashSet<>();
        private final Set<Revocation> told = new HashSet<>();
        private final Set<Revocation> lost = new HashSet<>();
        private FeedPosition position;

        private Reader(RevocationFeed feed, FeedPosition position, Set<Revocation> index) {
            this.feed = feed;
            this.position = position;
            this.index = new HashSet<>(index);
        }

        /** Only what it was told since its last gap can it miss. */
        private void lose(Set<Revocation> entries) {
            entries.stream().filter(told::contains).forEach(lost::add);
        }

        /** One read, which a node that breaks off leaves in the middle. */
        private void read(int limit, boolean goesOn) throws SQLException {
            Set<Revocation> expected = Set.copyOf(acknowledged);
            if (!lost.isEmpty()) {
                // The repeat of an act at the same instant says the same in the same place.
                lost.removeAll(standing());
            }
            opened.clear();
            for (int page = 0; page < 200; page++) {
                FeedRead read = feed.readAfter(position, limit, now);
                if (read instanceof FeedRead.Page told) {
                    take(told);
                    if (told.isCaughtUp()) {
                        check(expected);
                        return;
                    }
                    if (!goesOn) {
                        return;
                    }
                } else {
                    lost.clear();
                    told.clear();
                    position = FeedPosition.beginning();
                }
            }
            throw new AssertionError("never caught up");
        }

        private void take(FeedRead.Page page) {
            position = page.next();
            for (FeedEntry entry : page.entries()) {
                if (entry instanceof FeedEntry.Revoked revoked) {
                    index.add(revoked.revocation());
                    told.add(revoked.revocation());
                } else if (entry instanceof FeedEntry.Closed closed) {
                    index.add(closed.revocation());
                    told.add(closed.revocation());
                } else if (entry instanceof FeedEntry.Opened one) {
                    opened.add(one.entry());
                }
            }
        }

        private void check(Set<Revocation> expected) {
            checked++;
            for (Revocation entry : expected) {
                if (!entry.isForgotten(now)
                        && index.stream().noneMatch(present -> covers(present, entry))
                        && opened.stream().noneMatch(present -> covers(present, entry))) {
                    throw new AssertionError(entry + " is missing");
                }
            }
            if (!lost.isEmpty()) {
                throw new AssertionError("a loss was overlooked: " + lost);
            }
            if (stored.size() < 20) {
                stored.add(new Stored(position, Set.copyOf(index)));
            }
        }

        private boolean covers(Revocation present, Revocation entry) {
            return present.target().equals(entry.target())
                    && (!entry.target().kind().isCutOff()
                            || !present.issuedBefore().isBefore(entry.issuedBefore()));
        }
    }
}
