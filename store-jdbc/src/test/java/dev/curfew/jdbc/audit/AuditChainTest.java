package dev.curfew.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.audit.AuditRecord;
import dev.curfew.contract.Given;
import dev.curfew.jdbc.Stores;
import dev.curfew.jdbc.TestDatabase;
import dev.curfew.jdbc.audit.AuditVerification.Broken;
import dev.curfew.jdbc.audit.AuditVerification.Fault;
import dev.curfew.jdbc.audit.AuditVerification.Intact;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A chained trail: whatever somebody without the key does to its tables is found, and nothing that happens by right is.
 */
@Timeout(120)
final class AuditChainTest {
    private static final Instant LATER = Given.NOW.plus(Duration.ofDays(365));
    private static final Set<String> BINARY = Set.of("realm_key", "subject_key", "session_key", "mac");

    private String audit = "";
    private String places = "";

    @ParameterizedTest
    @EnumSource
    void records_of_several_nodes_are_one_chain_without_a_gap(TestDatabase database) throws Exception {
        JdbcAuditSink sink = begun(database);
        List<CompletableFuture<Void>> nodes = new ArrayList<>();
        for (int node = 0; node < 4; node++) {
            String name = node + "-";
            JdbcAuditSink other =
                    AuditSinks.on(database, prefix()).chained(AuditSinks.KEY).build();
            nodes.add(CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 10; i++) {
                            other.write(AuditSinks.records(name + i + "-", 7));
                            other.write(AuditSinks.records("common", 3));
                        }
                    },
                    Stores.OWN_THREADS));
        }
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Integer> verifying = CompletableFuture.supplyAsync(
                () -> {
                    int intact = 0;
                    do {
                        assertThat(sink.verify()).isInstanceOf(Intact.class);
                        intact++;
                    } while (!isOver.get());
                    return intact;
                },
                Stores.OWN_THREADS);
        for (CompletableFuture<Void> node : nodes) {
            node.get(60, TimeUnit.SECONDS);
        }
        isOver.set(true);

        assertThat(verifying.get(60, TimeUnit.SECONDS)).isPositive();
        assertThat(sink.verify()).isEqualTo(new Intact(284, sink.anchor()));
        assertThat(sink.anchor().number()).isEqualTo(284);
    }

    @ParameterizedTest
    @EnumSource
    void the_change_of_any_column_is_found(TestDatabase database) throws Exception {
        JdbcAuditSink sink = filled(database, 5);
        assertThat(sink.verify()).isInstanceOf(Intact.class);
        for (String column : AuditRow.WRITTEN) {
            String changed = column.equals("happened_at")
                    ? "happened_at + 1"
                    : BINARY.contains(column) ? other(column) : "CONCAT(" + column + ", '!')";
            AuditSinks.execute(database, "CREATE TABLE " + prefix() + "copy_" + column + " AS SELECT * FROM " + audit);
            assertThat(AuditSinks.execute(
                            database, "UPDATE " + audit + " SET " + column + " = " + changed + " WHERE entry = 3"))
                    .isEqualTo(1);
            assertThat(sink.verify()).as(column).isEqualTo(new Broken(Fault.CHANGED, 3));
            if (!column.equals("happened_at")
                    && !column.equals("id")
                    && !column.equals("event")
                    && !column.equals("result")) {
                AuditSinks.execute(database, "UPDATE " + audit + " SET " + column + " = NULL WHERE entry = 3");
                assertThat(sink.verify())
                        .as(column + " emptied")
                        .isEqualTo(new Broken(column.equals("mac") ? Fault.INSERTED : Fault.CHANGED, 3));
            }
            AuditSinks.execute(
                    database,
                    "UPDATE " + audit + " SET " + column + " = (SELECT c." + column + " FROM " + prefix() + "copy_"
                            + column + " c WHERE c.entry = 3) WHERE entry = 3");
            assertThat(sink.verify()).as(column + " put back").isInstanceOf(Intact.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_row_that_is_removed_is_found_wherever_it_stood(TestDatabase database) throws Exception {
        for (int gone : new int[] {1, 2, 3, 5}) {
            JdbcAuditSink sink = filled(database, 5);
            AuditSinks.execute(database, "DELETE FROM " + audit + " WHERE entry = " + gone);
            assertThat(sink.verify()).isEqualTo(new Broken(gone == 5 ? Fault.TRUNCATED : Fault.REMOVED, gone));
            // What is written afterwards does not cover it.
            sink.write(AuditSinks.records("more", 2));
            assertThat(sink.verify()).isEqualTo(new Broken(Fault.REMOVED, gone));
        }
    }

    @ParameterizedTest
    @EnumSource
    void closing_the_gap_with_the_rows_behind_it_is_found(TestDatabase database) throws Exception {
        JdbcAuditSink sink = filled(database, 5);
        AuditSinks.execute(database, "DELETE FROM " + audit + " WHERE entry = 2");
        for (int i = 3; i <= 5; i++) {
            AuditSinks.execute(database, "UPDATE " + audit + " SET entry = " + (i - 1) + " WHERE entry = " + i);
        }
        assertThat(sink.verify()).isEqualTo(new Broken(Fault.CHANGED, 2));
    }

    @ParameterizedTest
    @EnumSource
    void rows_that_are_exchanged_are_found(TestDatabase database) throws Exception {
        JdbcAuditSink sink = filled(database, 5);
        AuditSinks.execute(database, "UPDATE " + audit + " SET entry = 99 WHERE entry = 2");
        AuditSinks.execute(database, "UPDATE " + audit + " SET entry = 2 WHERE entry = 4");
        AuditSinks.execute(database, "UPDATE " + audit + " SET entry = 4 WHERE entry = 99");
        assertThat(sink.verify()).isEqualTo(new Broken(Fault.CHANGED, 2));
    }

    @ParameterizedTest
    @EnumSource
    void a_row_that_is_inserted_is_found_wherever_it_stands(TestDatabase database) throws Exception {
        for (int place : new int[] {-7, -1, 6, 1_000}) {
            JdbcAuditSink sink = filled(database, 5);
            insert(database, place);
            assertThat(sink.verify()).isEqualTo(new Broken(Fault.INSERTED, place));
        }
        for (int place : new int[] {1, 2, 3, 1_000}) {
            JdbcAuditSink sink = filled(database, 5);
            assertThat(sink.purge(LATER.plusSeconds(2), 100)).isEqualTo(3);
            insert(database, place);
            assertThat(sink.verify()).isEqualTo(new Broken(Fault.INSERTED, place));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_row_that_somebody_inserts_with_the_name_of_a_coming_record_does_not_stand_for_it(TestDatabase database)
            throws Exception {
        for (int place : new int[] {-7, 6, 1_000}) {
            for (String mac : new String[] {"NULL", "mac"}) {
                JdbcAuditSink sink = filled(database, 5);
                String columns = String.join(", ", AuditRow.WRITTEN);
                String copied = columns.replaceFirst("id", "'coming0'").replaceFirst("mac$", mac);
                AuditSinks.execute(
                        database,
                        "INSERT INTO " + audit + " (entry, " + columns + ") SELECT " + place + ", " + copied + " FROM "
                                + audit + " WHERE entry = 4");
                isRefused(sink, AuditSinks.records("coming", 2));

                assertThat(AuditSinks.execute(database, "DELETE FROM " + audit + " WHERE entry = " + place))
                        .isEqualTo(1);
                sink.write(AuditSinks.records("coming", 2));
                assertThat(sink.verify()).isEqualTo(new Intact(7, sink.anchor()));
                assertThat(AuditSinks.ids(sink, AuditQuery.all())).contains("coming0", "coming1");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_row_of_the_chain_that_was_given_the_name_of_a_coming_record_does_not_stand_for_it(TestDatabase database)
            throws Exception {
        for (int place : new int[] {1, 3, 5}) {
            JdbcAuditSink sink = filled(database, 5);
            AuditSinks.execute(database, "UPDATE " + audit + " SET id = 'coming0' WHERE entry = " + place);
            isRefused(sink, AuditSinks.records("coming", 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_row_whose_predecessor_is_not_what_it_was_does_not_stand_for_its_record(TestDatabase database)
            throws Exception {
        for (String tampering : new String[] {
            "DELETE FROM %s WHERE entry = 2",
            "UPDATE %s SET mac = NULL WHERE entry = 2",
            "UPDATE %s SET mac = SUBSTRING(mac FROM 1 FOR 3) WHERE entry = 2"
        }) {
            JdbcAuditSink sink = filled(database, 5);
            AuditSinks.execute(database, String.format(tampering, audit));
            isRefused(sink, AuditSinks.records("r", 5).subList(2, 3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_row_that_was_genuine_once_does_not_stand_for_its_record_outside_of_the_chain(TestDatabase database)
            throws Exception {
        String copy = "CREATE TABLE %2$sstolen AS SELECT * FROM %1$s";
        String back = "INSERT INTO %1$s SELECT * FROM %2$sstolen WHERE %3$s";
        JdbcAuditSink purged = filled(database, 5);
        AuditSinks.execute(database, String.format(copy, audit, prefix()));
        assertThat(purged.purge(LATER.plusSeconds(2), 100)).isEqualTo(3);
        AuditSinks.execute(database, String.format(back, audit, prefix(), "entry < 4"));
        isRefused(purged, AuditSinks.records("r", 3));

        JdbcAuditSink cut = filled(database, 3);
        AuditSinks.execute(database, String.format(copy, places, prefix()));
        cut.write(AuditSinks.records("more", 3));
        AuditSinks.execute(database, "DELETE FROM " + places);
        AuditSinks.execute(database, String.format(back, places, prefix(), "1 = 1"));
        isRefused(cut, AuditSinks.records("more", 3));
    }

    @ParameterizedTest
    @EnumSource
    void records_that_stand_in_the_chain_already_are_not_written_again(TestDatabase database) {
        JdbcAuditSink sink = filled(database, 1_100);
        AuditAnchor anchor = sink.anchor();
        sink.write(AuditSinks.records("r", 1_100));
        assertThat(sink.verify()).isEqualTo(new Intact(1_100, anchor));

        assertThat(sink.purge(LATER.plusSeconds(9), 4)).isEqualTo(4);
        sink.write(AuditSinks.records("r", 1_100).subList(4, 1_100));
        assertThat(sink.verify()).isEqualTo(new Intact(1_096, anchor));
        // What was purged stands no more.
        sink.write(AuditSinks.records("r", 10));
        assertThat(sink.verify()).isEqualTo(new Intact(1_100, sink.anchor()));
    }

    @ParameterizedTest
    @EnumSource
    void an_end_that_is_cut_off_and_set_back_is_found_with_an_anchor_only(TestDatabase database) throws Exception {
        JdbcAuditSink sink = filled(database, 3);
        AuditSinks.execute(database, "CREATE TABLE " + prefix() + "stolen AS SELECT * FROM " + places);
        sink.write(AuditSinks.records("more", 3));
        AuditAnchor anchor = sink.anchor();
        assertThat(sink.verify(anchor)).isEqualTo(new Intact(6, anchor));

        AuditSinks.execute(database, "DELETE FROM " + audit + " WHERE entry > 3");
        assertThat(sink.verify()).isEqualTo(new Broken(Fault.TRUNCATED, 4));
        AuditSinks.execute(database, "DELETE FROM " + places);
        AuditSinks.execute(database, "INSERT INTO " + places + " SELECT * FROM " + prefix() + "stolen");
        assertThat(sink.verify()).isInstanceOf(Intact.class);
        assertThat(sink.verify(anchor)).isEqualTo(new Broken(Fault.TRUNCATED, 4));

        // Records that come later take the same numbers, and the anchor still knows better.
        sink.write(AuditSinks.records("later", 5));
        assertThat(sink.verify()).isInstanceOf(Intact.class);
        assertThat(sink.verify(anchor)).isEqualTo(new Broken(Fault.CHANGED, 6));
    }

    @ParameterizedTest
    @EnumSource
    void a_trail_that_is_emptied_is_found_with_an_anchor(TestDatabase database) throws Exception {
        JdbcAuditSink sink = filled(database, 3);
        AuditAnchor anchor = sink.anchor();
        AuditSinks.execute(database, "DELETE FROM " + audit);
        assertThat(sink.verify()).isEqualTo(new Broken(Fault.TRUNCATED, 1));
        AuditSinks.execute(database, "DELETE FROM " + places);
        assertThat(sink.verify(anchor)).isEqualTo(new Broken(Fault.TRUNCATED, 1));
        sink.write(AuditSinks.records("new", 2));
        assertThat(sink.verify(anchor)).isEqualTo(new Broken(Fault.TRUNCATED, 3));
        sink.write(AuditSinks.records("newer", 2));
        assertThat(sink.verify(anchor)).isEqualTo(new Broken(Fault.CHANGED, 3));
    }

    @ParameterizedTest
    @EnumSource
    void places_that_are_changed_or_removed_are_found_and_nothing_is_written_behind_them(TestDatabase database)
            throws Exception {
        for (String tampering : new String[] {
            "UPDATE %s SET entry = 2, mac = (SELECT a.mac FROM %s a WHERE a.entry = 2) WHERE name = 'end'",
            "UPDATE %s SET entry = 2, mac = (SELECT a.mac FROM %s a WHERE a.entry = 2) WHERE name = 'start'",
            "UPDATE %s SET entry = -1 WHERE name = 'end'",
            "DELETE FROM %s WHERE name = 'start'",
            "DELETE FROM %s"
        }) {
            JdbcAuditSink sink = filled(database, 5);
            AuditSinks.execute(database, String.format(tampering, places, audit));
            assertThat(sink.verify())
                    .as(tampering)
                    .isInstanceOfSatisfying(
                            Broken.class, it -> assertThat(it.fault()).isEqualTo(Fault.PLACES));
            if (tampering.contains("'start'")) {
                assertThatExceptionOfType(AuditChainException.class).isThrownBy(() -> sink.purge(LATER, 10));
            } else {
                assertThatExceptionOfType(AuditChainException.class)
                        .isThrownBy(() -> sink.write(AuditSinks.records("more", 1)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_purge_takes_a_prefix_and_the_rest_still_verifies(TestDatabase database) {
        JdbcAuditSink sink = filled(database, 1_100);
        AuditAnchor anchor = sink.anchor();

        assertThat(sink.purge(LATER.plusSeconds(9), 4)).isEqualTo(4);
        assertThat(sink.verify(anchor)).isEqualTo(new Intact(1_096, anchor));
        assertThat(sink.purge(LATER.plusSeconds(999), 5_000)).isEqualTo(996);
        assertThat(sink.verify(anchor)).isEqualTo(new Intact(100, anchor));
        sink.write(AuditSinks.records("more", 10));
        assertThat(sink.verify(anchor)).isEqualTo(new Intact(110, sink.anchor()));
        // Everything may go, and the next record goes on where the chain was.
        assertThat(sink.purge(LATER.plusSeconds(5_000), 5_000)).isEqualTo(110);
        sink.write(AuditSinks.records("last", 1));
        assertThat(sink.verify(anchor)).isEqualTo(new Intact(1, sink.anchor()));
        assertThat(sink.anchor().number()).isEqualTo(1_111);
    }

    @ParameterizedTest
    @EnumSource
    void a_purge_does_not_sign_away_what_somebody_made_old_or_removed(TestDatabase database) throws Exception {
        JdbcAuditSink aged = filled(database, 5);
        AuditSinks.execute(database, "UPDATE " + audit + " SET happened_at = 0");
        assertThatExceptionOfType(AuditChainException.class).isThrownBy(() -> aged.purge(LATER, 100));
        assertThat(AuditSinks.ids(aged, AuditQuery.all())).hasSize(5);

        JdbcAuditSink gap = filled(database, 5);
        AuditSinks.execute(database, "DELETE FROM " + audit + " WHERE entry = 2");
        assertThatExceptionOfType(AuditChainException.class).isThrownBy(() -> gap.purge(LATER.plusSeconds(9), 100));
        assertThat(gap.verify()).isEqualTo(new Broken(Fault.REMOVED, 2));
    }

    @ParameterizedTest
    @EnumSource
    void a_verification_that_meets_purges_and_records_raises_no_false_alarm(TestDatabase database) throws Exception {
        JdbcAuditSink sink = filled(database, 2_500);
        CompletableFuture<Void> others = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < 30; i++) {
                        sink.purge(LATER.plusSeconds(2_500), 90);
                        sink.write(AuditSinks.records("more" + i, 5));
                    }
                },
                Stores.OWN_THREADS);
        int verified = 0;
        do {
            assertThat(sink.verify()).isInstanceOf(Intact.class);
            verified++;
        } while (!others.isDone());
        others.get(60, TimeUnit.SECONDS);

        assertThat(verified).isPositive();
        assertThat(sink.verify()).isInstanceOf(Intact.class);
    }

    @ParameterizedTest
    @EnumSource
    void another_key_or_none_changes_nothing(TestDatabase database) {
        JdbcAuditSink sink = filled(database, 3);
        byte[] key = AuditSinks.KEY.clone();
        key[0]++;
        List<AuditRecord> more = AuditSinks.records("more", 1);
        JdbcAuditSink plain = AuditSinks.on(database, prefix()).build();
        JdbcAuditSink stranger = AuditSinks.on(database, prefix()).chained(key).build();
        for (JdbcAuditSink other : List.of(plain, stranger)) {
            assertThatExceptionOfType(AuditChainException.class).isThrownBy(() -> other.write(more));
            assertThatExceptionOfType(AuditChainException.class).isThrownBy(() -> other.purge(LATER, 10));
        }
        assertThat(stranger.verify()).isEqualTo(new Broken(Fault.PLACES, 1));
        assertThatIllegalStateException().isThrownBy(plain::verify);
        assertThatIllegalStateException().isThrownBy(plain::anchor);
        assertThat(sink.verify()).isEqualTo(new Intact(3, sink.anchor()));
    }

    @ParameterizedTest
    @EnumSource
    void a_chain_begins_with_an_empty_table(TestDatabase database) {
        String prefix = Stores.prefix();
        AuditSinks.plain(database, prefix).write(AuditSinks.records("r", 1));
        JdbcAuditSink chained = AuditSinks.chained(database, prefix);
        assertThatExceptionOfType(AuditChainException.class)
                .isThrownBy(() -> chained.write(AuditSinks.records("s", 1)))
                .withMessageContaining("prefix");

        JdbcAuditSink fresh = AuditSinks.chained(database, Stores.prefix());
        AuditAnchor beginning = fresh.anchor();
        assertThat(beginning.number()).isZero();
        assertThat(fresh.verify(beginning)).isEqualTo(new Intact(0, beginning));
    }

    @Test
    void a_key_that_is_too_short_or_that_nobody_generated_is_refused() {
        JdbcAuditSinkBuilder builder = AuditSinks.on(TestDatabase.H2, "x_");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.chained(Arrays.copyOf(AuditSinks.KEY, 31)))
                .withMessage("chain key has 31 bytes, and must have at least 32: generate one, as by:"
                        + " openssl rand -base64 32");
        byte[] typed = "a key of 32 bytes, for tests only".getBytes(StandardCharsets.US_ASCII);
        for (byte[] key : List.of(new byte[32], typed)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.chained(key))
                    .withMessageStartingWith("chain key is guessable (")
                    .withMessageContaining(key.length + " bytes were given")
                    .withMessageEndingWith("openssl rand -base64 32")
                    .withMessageNotContaining("for tests");
        }
    }

    @Test
    void an_anchor_that_is_none_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AuditAnchor(1, "00"));
        assertThatIllegalArgumentException().isThrownBy(() -> new AuditAnchor(-1, "0".repeat(64)));
    }

    /** Nothing of the batch is written. */
    private static void isRefused(JdbcAuditSink sink, List<AuditRecord> batch) {
        List<String> before = AuditSinks.ids(sink, AuditQuery.all());
        assertThatExceptionOfType(AuditChainException.class).isThrownBy(() -> sink.write(batch));
        assertThat(AuditSinks.ids(sink, AuditQuery.all())).isEqualTo(before);
    }

    private String prefix() {
        return audit.substring(0, audit.length() - "audit".length());
    }

    /** A trail of its own with one record. */
    private JdbcAuditSink begun(TestDatabase database) {
        return filled(database, 1);
    }

    private JdbcAuditSink filled(TestDatabase database, int records) {
        String prefix = Stores.prefix();
        audit = prefix + "audit";
        places = prefix + "audit_chain";
        JdbcAuditSink sink = AuditSinks.chained(database, prefix);
        sink.write(AuditSinks.records("r", records));
        return sink;
    }

    /** A copy of a genuine row, its mac included. */
    private void insert(TestDatabase database, int place) throws Exception {
        String columns = String.join(", ", AuditRow.WRITTEN);
        String copied = columns.replaceFirst("id", "CONCAT(id, 'x')");
        AuditSinks.execute(
                database,
                "INSERT INTO " + audit + " (entry, " + columns + ") SELECT " + place + ", " + copied + " FROM " + audit
                        + " WHERE entry = 4");
    }

    /** The bytes of another row. */
    private String other(String column) {
        return "(SELECT o." + column + " FROM " + prefix() + "copy_" + column + " o WHERE o.entry = 4)";
    }
}
