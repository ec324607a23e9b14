package dev.curfew.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.audit.AuditRecord;
import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.audit.AuditRecord.Result;
import dev.curfew.audit.AuditTrail;
import dev.curfew.contract.Given;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.jdbc.Stores;
import dev.curfew.jdbc.TestDatabase;
import dev.curfew.jdbc.database.SchemaException;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoreUnavailableException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The audit trail on each database: what is written stands there once, whole and unharmed, and is found. */
@Timeout(120)
final class AuditSinkTest {
    @ParameterizedTest
    @EnumSource
    void what_was_written_is_found_with_all_its_fields_the_newest_first(TestDatabase database) {
        JdbcAuditSink sink = AuditSinks.plain(database, Stores.prefix());
        AuditRecord first = AuditSinks.full("a", Given.NOW);
        AuditRecord same = AuditSinks.full("b", Given.NOW);
        AuditRecord older = new AuditRecord("c", Given.NOW.minusMillis(1), "authz_fail", Result.DENIED, Map.of());

        sink.write(List.of(first, same));
        sink.write(List.of(older));
        sink.write(List.of());

        assertThat(AuditSinks.read(sink, AuditQuery.all())).containsExactly(same, first, older);
    }

    @ParameterizedTest
    @EnumSource
    void a_record_that_stands_there_is_left_out_and_the_others_are_written(TestDatabase database) {
        JdbcAuditSink sink = AuditSinks.plain(database, Stores.prefix());
        AuditRecord first = AuditSinks.record("a", Given.NOW);
        sink.write(List.of(first));

        sink.write(List.of(
                AuditSinks.record("b"),
                AuditSinks.record("a", Given.NOW.plusSeconds(9)),
                AuditSinks.record("c"),
                AuditSinks.record("b")));

        assertThat(AuditSinks.ids(sink, AuditQuery.all())).containsExactly("c", "b", "a");
        assertThat(AuditSinks.read(sink, AuditQuery.all())).contains(first);
    }

    @ParameterizedTest
    @EnumSource
    void nodes_that_write_the_same_records_at_once_write_each_once(TestDatabase database) throws Exception {
        String prefix = Stores.prefix();
        JdbcAuditSink sink = AuditSinks.plain(database, prefix);
        List<CompletableFuture<Void>> nodes = new ArrayList<>();
        for (int node = 0; node < 4; node++) {
            int turn = node * 10;
            JdbcAuditSink other = AuditSinks.on(database, prefix).build();
            nodes.add(CompletableFuture.runAsync(
                    () -> {
                        for (int batch = 0; batch < 10; batch++) {
                            int from = batch * 20;
                            other.write(IntStream.range(0, 40)
                                    .mapToObj(i -> AuditSinks.record("r" + (from + (i + turn) % 40)))
                                    .toList());
                        }
                    },
                    Stores.OWN_THREADS));
        }
        for (CompletableFuture<Void> node : nodes) {
            node.get(60, TimeUnit.SECONDS);
        }

        assertThat(AuditSinks.ids(sink, AuditQuery.all().limit(1_000)))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 220).mapToObj(i -> "r" + i).toList());
    }

    @ParameterizedTest
    @EnumSource
    void names_are_compared_byte_for_byte_however_long_they_are(TestDatabase database) {
        JdbcAuditSink sink = AuditSinks.plain(database, Stores.prefix());
        String longest = "x".repeat(200);
        List<String> names = List.of(
                "a",
                "A",
                "a ",
                " a",
                "á",
                "a\u0301",
                "a\0",
                "\0a",
                "\uD800",
                "\uDC00",
                "\uFFFD",
                "?",
                longest,
                longest + "y",
                longest + "z",
                AuditText.id("a "));
        sink.write(names.stream().map(AuditSinks::record).toList());
        sink.write(names.stream().map(AuditSinks::record).toList());

        assertThat(AuditSinks.ids(sink, AuditQuery.all()))
                .hasSameSizeAs(names)
                .doesNotHaveDuplicates()
                .contains("a", "A", "?", longest)
                .allMatch(id -> id.length() <= 200);
    }

    @ParameterizedTest
    @EnumSource
    void hostile_text_is_kept_alike_on_all_databases(TestDatabase database) {
        JdbcAuditSink sink = AuditSinks.plain(database, Stores.prefix());
        Map<String, String> texts = Map.of(
                "a\0b",
                "a\uFFFDb",
                "\uD83D half \uDE00",
                "\uFFFD half \uFFFD",
                "'); DROP TABLE curfew_audit; --",
                "'); DROP TABLE curfew_audit; --",
                " \\ \" % _ \r\n\t\u2028\u202E ",
                " \\ \" % _ \r\n\t\u2028\u202E ",
                "😀".repeat(128),
                "😀".repeat(128),
                "😀".repeat(129),
                "😀".repeat(127) + "…",
                "ß".repeat(100_000),
                "ß".repeat(255) + "…",
                "straße",
                "straße",
                "STRASSE ",
                "STRASSE ");
        texts.forEach((given, kept) -> {
            AuditRecord record = AuditSinks.record(
                    given, Given.NOW, Map.of(Field.REALM, given, Field.SUBJECT, given, Field.ADDRESS, given));
            sink.write(List.of(record, new AuditRecord(given + "2", Given.NOW, given, Result.FAILURE, Map.of())));

            assertThat(AuditSinks.read(sink, AuditQuery.all()))
                    .as(given)
                    .anySatisfy(it -> assertThat(it.fields())
                            .containsOnly(
                                    Map.entry(Field.REALM, kept),
                                    Map.entry(Field.SUBJECT, kept),
                                    Map.entry(Field.ADDRESS, kept)));
        });
        assertThat(AuditSinks.ids(sink, AuditQuery.all())).hasSize(2 * texts.size());
    }

    @ParameterizedTest
    @EnumSource
    void a_subject_is_found_by_its_whole_name_and_nobody_else_with_it(TestDatabase database) {
        JdbcAuditSink sink = AuditSinks.plain(database, Stores.prefix());
        String longName = "x".repeat(5_000);
        List<SubjectId> subjects = List.of(
                Given.subject("alice"),
                Given.subject("Alice"),
                Given.subject("alice "),
                new SubjectId(Realm.of("bank"), "alice"),
                Given.subject(longName + "1"),
                Given.subject(longName + "2"));
        for (int i = 0; i < subjects.size(); i++) {
            SubjectId subject = subjects.get(i);
            sink.write(List.of(AuditSinks.record(
                    "r" + i, Given.NOW, Map.of(Field.REALM, subject.realm().name(), Field.SUBJECT, subject.value()))));
        }

        for (int i = 0; i < subjects.size(); i++) {
            assertThat(AuditSinks.ids(sink, AuditQuery.ofSubject(subjects.get(i))))
                    .containsExactly("r" + i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_session_is_found_in_its_realm_and_between_two_instants(TestDatabase database) {
        JdbcAuditSink sink = AuditSinks.plain(database, Stores.prefix());
        SessionId own = Given.sessionId(Given.subject("alice"), Given.NOW);
        try (AuditTrail trail =
                AuditTrail.builder().sink("table", sink).executor(Runnable::run).build()) {
            for (int i = 0; i < 10; i++) {
                Realm realm = Realm.of(i % 2 == 0 ? "shop" : "bank");
                Instant at = Given.NOW.plusMillis(i);
                trail.onEvent(ended("r" + i, at, realm, new ForeignSessionId("s-1")));
                trail.onEvent(ended("other" + i, at, realm, new ForeignSessionId("S-1")));
            }
            trail.onEvent(ended("own", Given.NOW.plusSeconds(1), Given.REALM, own));
        }
        AuditQuery session = AuditQuery.ofSession(new ForeignSessionId("s-1"));

        assertThat(AuditSinks.ids(sink, session)).hasSize(10).doesNotContain("other1");
        assertThat(AuditSinks.ids(sink, session.in(Realm.of("shop")))).containsExactly("r8", "r6", "r4", "r2", "r0");
        assertThat(AuditSinks.ids(sink, session.between(Given.NOW.plusMillis(3), Given.NOW.plusMillis(6))))
                .containsExactly("r5", "r4", "r3");
        assertThat(AuditSinks.ids(sink, AuditQuery.all().between(Given.NOW, Given.NOW.plusMillis(1))))
                .containsExactlyInAnyOrder("other0", "r0");
        assertThat(AuditSinks.ids(sink, AuditQuery.ofSession(own))).containsExactly("own");
    }

    private static SessionEnded ended(String id, Instant at, Realm realm, SessionHandle session) {
        SubjectId subject = new SubjectId(realm, "alice");
        Revocation by = Revocation.of(RevocationTarget.subject(subject))
                .because(RevocationReason.USER_LOGOUT, Actor.user())
                .revokedAt(at)
                .forgetAfter(at.plus(Duration.ofDays(1)))
                .build();
        return new SessionEnded(id, at, subject, session, by);
    }

    @ParameterizedTest
    @EnumSource
    void pages_hold_each_record_once_also_where_many_share_an_instant(TestDatabase database) {
        JdbcAuditSink sink = AuditSinks.plain(database, Stores.prefix());
        List<AuditRecord> written = IntStream.range(0, 60)
                .mapToObj(i -> AuditSinks.record("r" + (100 + i), Given.NOW.plusMillis(i / 20)))
                .toList();
        sink.write(written);

        for (int limit : new int[] {1, 7, 20, 59, 60, 61}) {
            assertThat(AuditSinks.ids(
                            sink, AuditQuery.ofSubject(Given.subject("alice")).limit(limit)))
                    .as("pages of %s", limit)
                    .containsExactlyElementsOf(IntStream.range(0, 60)
                            .mapToObj(i -> "r" + (159 - i))
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void of_a_batch_that_fails_in_the_middle_nothing_stands(TestDatabase database) throws Exception {
        for (boolean isChained : new boolean[] {false, true}) {
            String prefix = Stores.prefix();
            JdbcAuditSink sink = isChained ? AuditSinks.chained(database, prefix) : AuditSinks.plain(database, prefix);
            sink.write(List.of(AuditSinks.record("before")));
            AuditSinks.execute(
                    database,
                    "ALTER TABLE " + prefix + "audit ADD CONSTRAINT " + prefix + "ck CHECK (event <> 'refused')");
            List<AuditRecord> batch = new ArrayList<>(AuditSinks.records("r", 500));
            batch.set(300, new AuditRecord("bad", Given.NOW, "refused", Result.SUCCESS, Map.of()));

            assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> sink.write(batch));

            assertThat(AuditSinks.ids(sink, AuditQuery.all())).containsExactly("before");
            batch.remove(300);
            sink.write(batch);
            assertThat(AuditSinks.number(database, "SELECT COUNT(*) FROM " + prefix + "audit"))
                    .isEqualTo(500);
            if (isChained) {
                assertThat(sink.verify()).isInstanceOf(AuditVerification.Intact.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_as_old_as_the_retention_goes_and_what_is_younger_stays(TestDatabase database) {
        String prefix = Stores.prefix();
        AuditSinks.plain(database, prefix).write(AuditSinks.records("r", 1_200));
        JdbcAuditSink sink =
                AuditSinks.on(database, prefix).retention(Duration.ofDays(30)).build();
        Instant later = Given.NOW.plus(Duration.ofDays(30));

        assertThat(sink.purge(later.minusMillis(1), 100)).isZero();
        assertThat(sink.purge(later, 100)).isEqualTo(1);
        assertThat(sink.purge(later.plusSeconds(1_099), 10)).isEqualTo(10);
        assertThat(sink.purge(later.plusSeconds(1_099), 5_000)).isEqualTo(1_089);
        assertThat(AuditSinks.ids(sink, AuditQuery.all().limit(1_000)))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "r" + (1_199 - i)).toList());
    }

    @ParameterizedTest
    @EnumSource
    void nodes_that_purge_at_once_share_the_work(TestDatabase database) throws Exception {
        for (boolean isChained : new boolean[] {false, true}) {
            String prefix = Stores.prefix();
            JdbcAuditSink sink = isChained ? AuditSinks.chained(database, prefix) : AuditSinks.plain(database, prefix);
            sink.write(AuditSinks.records("r", 500));
            Instant until = Given.NOW.plus(Duration.ofDays(365)).plusSeconds(449);
            List<CompletableFuture<Integer>> nodes = new ArrayList<>();
            for (int node = 0; node < 4; node++) {
                nodes.add(CompletableFuture.supplyAsync(
                        () -> {
                            int removed = 0;
                            for (int i = 0; i < 30; i++) {
                                removed += sink.purge(until, 20);
                            }
                            return removed;
                        },
                        Stores.OWN_THREADS));
            }
            int removed = 0;
            for (CompletableFuture<Integer> node : nodes) {
                removed += node.get(60, TimeUnit.SECONDS);
            }

            assertThat(removed).isEqualTo(450);
            assertThat(AuditSinks.ids(sink, AuditQuery.all())).hasSize(50);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_row_that_this_version_cannot_read_is_counted_and_hides_no_other(TestDatabase database) throws Exception {
        String prefix = Stores.prefix();
        JdbcAuditSink sink = AuditSinks.plain(database, prefix);
        sink.write(AuditSinks.records("r", 3));
        AuditSinks.execute(database, "UPDATE " + prefix + "audit SET result = 'later' WHERE id = 'r1'");

        AuditPage page = sink.find(AuditQuery.all());
        assertThat(page.records()).extracting(AuditRecord::id).containsExactly("r2", "r0");
        assertThat(page.unreadable()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void its_tables_are_created_on_request_only_and_apart_from_the_store_s(TestDatabase database) throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        JdbcAuditSink sink = AuditSinks.on(database, prefix).build();
        List<AuditRecord> records = List.of(AuditSinks.record("a"));
        assertThatExceptionOfType(SchemaException.class)
                .isThrownBy(() -> sink.write(records))
                .withMessageContaining("migrate()");

        StringWriter printed = new StringWriter();
        sink.writeSchema(printed);
        assertThat(printed.toString()).doesNotContain("curfew_").contains(prefix + "audit_chain");
        for (String part : printed.toString().replaceAll("(?m)^--.*$", "").split(";", -1)) {
            if (!part.isBlank()) {
                AuditSinks.execute(database, part);
            }
        }
        sink.write(records);
        sink.migrate();
        sink.migrate();
        store.migrate();
        assertThat(AuditSinks.ids(sink, AuditQuery.all())).containsExactly("a");

        String alone = Stores.prefix();
        AuditSinks.plain(database, alone).write(records);
        JdbcSessionStore none = Stores.node(database.pool(), alone);
        assertThatExceptionOfType(SchemaException.class).isThrownBy(() -> none.open(Given.SETTINGS, Given.BIRTH));
    }
}
