package dev.curfew;

import static dev.curfew.contract.TestKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.atrest.SessionRows;
import dev.curfew.crypto.KeyRing;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.ReencryptionResult;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.token.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Encryption at rest as a host meets it: sessions, rotation of keys, migration, and rows that cannot be read. */
class EncryptionTest {
    private static final KeyRing OLD = KeyRing.of("old", key(1));
    private static final KeyRing NEW_READABLE =
            KeyRing.builder().current("old", key(1)).readable("new", key(2)).build();
    private static final KeyRing NEW_CURRENT =
            KeyRing.builder().current("new", key(2)).readable("old", key(1)).build();
    private static final KeyRing NEW_ONLY = KeyRing.of("new", key(2));

    private final Logger logger = (Logger) LoggerFactory.getLogger(SessionRows.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final TestHost host = TestHost.start();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    /** A node of a deployment with these keys, over the store that all of them share. */
    private SessionService with(KeyRing ring) {
        return host.node(host.clock, builder -> builder.encryption(ring));
    }

    private SessionService migratingTo(KeyRing ring) {
        return host.node(host.clock, builder -> builder.encryption(ring).acceptUnencryptedSessions());
    }

    private Session login(SessionService service) {
        return login(service, host.alice);
    }

    private Session login(SessionService service, SubjectId subject) {
        host.clock.advance(Duration.ofSeconds(1));
        return service.beginLogin(subject)
                .attributes(Map.of("country", "ES"))
                .complete(DeviceInfo.of("Firefox on Linux").withAddress("203.0.113.0/24"))
                .orElseThrow();
    }

    private SessionList list(SessionService service) {
        return service.listSessions(host.alice, ListQuery.live(10));
    }

    private static void assertReadable(SessionList.Entry entry) {
        assertThat(entry.isReadable()).isTrue();
        assertThat(entry.session().device())
                .isEqualTo(DeviceInfo.of("Firefox on Linux").withAddress("203.0.113.0/24"));
        assertThat(entry.session().attributes()).containsExactly(Map.entry("country", "ES"));
    }

    private static void assertUnreadable(SessionList.Entry entry) {
        assertThat(entry.isReadable()).isFalse();
        assertThat(entry.session().device()).isEqualTo(DeviceInfo.unknown());
        assertThat(entry.session().attributes()).isEmpty();
    }

    private byte[] storedPayload(Session session) {
        return host.store
                .find(session.ref(), host.now())
                .orElseThrow()
                .session()
                .payload();
    }

    private static ReencryptionResult reencryptAll(SessionService service, int limit) {
        int examined = 0;
        int rewritten = 0;
        int unreadable = 0;
        Optional<PayloadCursor> place = Optional.of(PayloadCursor.start());
        while (place.isPresent()) {
            ReencryptionResult part = service.reencrypt(place.get(), limit);
            examined += part.examined();
            rewritten += part.rewritten();
            unreadable += part.unreadable();
            place = part.next();
        }
        return new ReencryptionResult(examined, rewritten, unreadable, null);
    }

    private static void assertResult(ReencryptionResult result, int examined, int rewritten, int unreadable) {
        assertThat(List.of(result.examined(), result.rewritten(), result.unreadable()))
                .as("examined, rewritten, unreadable")
                .containsExactly(examined, rewritten, unreadable);
    }

    @Test
    void a_session_is_read_back_and_stands_in_the_store_encrypted() {
        SessionService service = with(OLD);
        Session session = login(service);

        assertThat(list(service).entries()).singleElement().satisfies(EncryptionTest::assertReadable);
        assertThat(new String(storedPayload(session), StandardCharsets.ISO_8859_1))
                .contains("old")
                .doesNotContain("alice", "Firefox", "203.0.113", "country");
    }

    @Test
    void a_check_costs_no_call_more_and_decrypts_nothing() {
        SessionService service = with(OLD);
        VerifiedToken token = host.tokens.of(login(service));
        host.store.takeCalls();

        // A node without the key judges just the same.
        assertThat(with(NEW_ONLY).checker().check(token).permits()).isTrue();

        assertThat(host.store.takeCalls()).containsExactly("open", "revocationsCovering");
    }

    @Test
    void a_foreign_session_is_adopted_listed_and_ended_encrypted() {
        SessionService service = with(OLD);
        VerifiedToken token = host.partner.draft("alice").with("sid", "idp-1").verified();
        service.adopt(token, DeviceInfo.unknown());

        assertThat(service.listSessions(token).entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.session().handle().value()).isEqualTo("idp-1"));
        assertThat(service.adopt(token, DeviceInfo.unknown())).isInstanceOf(AdoptionResult.Adopted.class);
        assertThat(service.revokeSession(token, "idp-1")).isInstanceOf(RevocationOutcome.Revoked.class);
    }

    @Test
    void with_another_key_a_session_is_listed_without_its_device_and_can_be_revoked() {
        Session session = login(with(OLD));
        SessionService other = with(NEW_ONLY);

        assertThat(list(other).entries()).singleElement().satisfies(entry -> {
            assertUnreadable(entry);
            assertThat(entry.session().handle()).isEqualTo(session.handle());
        });
        assertThat(other.revokeSession(host.tokens.of(session), session.handle().value()))
                .isEqualTo(TestHost.revoked(RevocationTarget.Kind.SESSION, 1, true));
        assertThat(list(other).entries()).isEmpty();
    }

    @Test
    void with_another_key_a_foreign_session_is_counted_and_ends_with_the_others() {
        VerifiedToken token = host.partner.draft("alice").with("sid", "idp-1").verified();
        with(OLD).adopt(token, DeviceInfo.unknown());
        SessionService other = with(NEW_ONLY);

        SessionList list = other.listSessions(token);

        assertThat(list.entries()).isEmpty();
        assertThat(list.unreadable()).isEqualTo(1);
        assertThat(other.revokeAllSessions(token.subject().orElseThrow(), TestHost.BY_ADMIN))
                .isEqualTo(TestHost.revoked(RevocationTarget.Kind.SUBJECT, 1, true));
    }

    @Test
    void the_log_names_the_missing_key_once_for_each_row_and_never_a_flood() {
        SessionService old = with(OLD);
        for (int i = 0; i < 150; i++) {
            login(old);
        }
        SessionService other = with(NEW_ONLY);
        for (int i = 0; i < 3; i++) {
            other.listSessions(host.alice, ListQuery.live(2));
        }
        assertThat(log.list).hasSize(2).allSatisfy(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getFormattedMessage()).contains("key old").doesNotContain("alice");
        });

        other.listSessions(host.alice, ListQuery.live(1_000));
        other.listSessions(host.alice, ListQuery.live(1_000));
        assertThat(log.list).hasSize(101);

        host.clock.advance(Duration.ofHours(1));
        other.listSessions(host.alice, ListQuery.all(1));
        assertThat(log.list).hasSize(102);
    }

    @Test
    void a_payload_that_is_moved_to_another_session_is_not_shown_there() {
        SessionService service = with(OLD);
        Session bobs = login(service, host.bob);
        Session alices = login(service);
        overwrite(alices, storedPayload(bobs));

        assertThat(list(service).entries()).singleElement().satisfies(EncryptionTest::assertUnreadable);
    }

    @Test
    void a_plain_payload_in_the_place_of_an_encrypted_one_is_not_believed() {
        SessionService service = with(OLD);
        Session session = login(service);
        Session plain = login(host.service);
        overwrite(session, storedPayload(plain));
        service.revokeSession(host.alice, plain.handle(), TestHost.BY_ADMIN);

        assertThat(list(service).entries()).singleElement().satisfies(EncryptionTest::assertUnreadable);
        assertThat(list(migratingTo(OLD)).entries())
                .as("what a migration risks")
                .singleElement()
                .satisfies(EncryptionTest::assertReadable);
    }

    /** Subjects of one bucket, so that nothing else tells them apart. */
    @Test
    void a_row_that_is_given_to_another_subject_is_not_shown_as_theirs() {
        SessionService service = with(OLD);
        StoredSession alices =
                host.store.find(login(service).ref(), host.now()).orElseThrow().session();
        SubjectId mallory = IntStream.range(0, 1_000_000)
                .mapToObj(i -> host.tokens.subject("mallory-" + i))
                .filter(subject -> subject.key().bucket() == alices.bucket())
                .findFirst()
                .orElseThrow();
        StoredSession given = alices.toBuilder()
                .keys(alices.key(), alices.bucket(), alices.realmKey(), mallory.key())
                .build();
        InMemorySessionStore changed = InMemorySessionStore.create();
        TestHost other = TestHost.over(changed);
        changed.insert(given, SessionLimit.unlimited(), host.now());

        SessionService reading = other.node(host.clock, builder -> builder.encryption(OLD));
        assertThat(reading.listSessions(mallory, ListQuery.live(10)).entries())
                .singleElement()
                .satisfies(EncryptionTest::assertUnreadable);
    }

    private void overwrite(Session session, byte[] payload) {
        StoredSession row =
                host.store.find(session.ref(), host.now()).orElseThrow().session();
        StoredPayload present = new StoredPayload(row.key(), row.bucket(), row.payload());
        assertThat(host.store.replace(List.of(new PayloadChange(present, payload)), host.now()))
                .isEqualTo(1);
    }

    @Test
    void keys_are_rotated_in_two_deployments_and_the_old_one_goes_when_nothing_is_left_to_rewrite() {
        login(with(OLD));
        SessionService ahead = with(NEW_READABLE);
        SessionService first = with(OLD);
        login(ahead);
        assertThat(list(first).entries()).hasSize(2).allSatisfy(EncryptionTest::assertReadable);

        SessionService second = with(NEW_CURRENT);
        login(second);
        assertThat(list(ahead).entries()).hasSize(3).allSatisfy(EncryptionTest::assertReadable);

        assertResult(reencryptAll(second, 2), 3, 2, 0);
        assertResult(reencryptAll(second, 2), 3, 0, 0);
        assertThat(list(with(NEW_ONLY)).entries()).hasSize(3).allSatisfy(EncryptionTest::assertReadable);
    }

    @Test
    void a_store_is_migrated_from_plain_sessions_and_then_refuses_them() {
        Session before = login(host.service);
        assertThat(list(with(OLD)).entries()).singleElement().satisfies(EncryptionTest::assertUnreadable);
        SessionService migrating = migratingTo(OLD);
        login(migrating);
        assertThat(list(migrating).entries()).hasSize(2).allSatisfy(EncryptionTest::assertReadable);

        assertResult(reencryptAll(migrating, 10), 2, 1, 0);

        assertThat(list(with(OLD)).entries()).hasSize(2).allSatisfy(EncryptionTest::assertReadable);
        assertThat(new String(storedPayload(before), StandardCharsets.ISO_8859_1))
                .doesNotContain("alice", "Firefox");
    }

    @Test
    void rows_that_cannot_be_read_are_counted_and_stay_as_they_are() {
        Session session = login(with(OLD));
        byte[] stored = storedPayload(session);

        assertResult(reencryptAll(with(NEW_ONLY), 10), 1, 0, 1);

        assertThat(storedPayload(session)).isEqualTo(stored);
        assertThat(log.list).hasSize(1);
    }

    @Test
    void plain_rows_are_left_alone_where_they_are_refused() {
        Session session = login(host.service);
        byte[] stored = storedPayload(session);

        assertResult(reencryptAll(with(OLD), 10), 1, 0, 1);

        assertThat(storedPayload(session)).isEqualTo(stored);
    }

    @Test
    void ended_sessions_are_encrypted_anew_too_and_stay_ended() {
        SessionService old = with(OLD);
        Session session = login(old);
        old.revokeSession(host.alice, session.handle(), TestHost.BY_ADMIN);

        assertResult(reencryptAll(with(NEW_CURRENT), 10), 1, 1, 0);

        host.assertRevoked(host.tokens.of(session));
        assertThat(list(old).entries()).isEmpty();
    }

    @Test
    void a_part_of_the_walk_costs_one_reading_and_one_writing_and_nothing_is_written_in_vain() {
        login(with(OLD));
        SessionService rotated = with(NEW_CURRENT);
        host.store.takeCalls();

        rotated.reencrypt(PayloadCursor.start(), 10);
        assertThat(host.store.takeCalls()).containsExactly("payloads", "replace");
        rotated.reencrypt(PayloadCursor.start(), 10);
        assertThat(host.store.takeCalls()).containsExactly("payloads");
    }

    @Test
    void a_node_with_a_replica_of_the_revocations_encrypts_anew_too() {
        login(with(OLD));
        try (SessionService replicated = SessionService.builder()
                .store(host.store)
                .lifetimes(TestHost.LIFETIMES)
                .tokenPolicies(host.tokens.policy())
                .clock(host.clock, host.clock.ticker())
                .withoutAuditLog()
                .encryption(NEW_CURRENT)
                .build()) {
            assertResult(reencryptAll(replicated, 10), 1, 1, 0);
        }
    }

    @Test
    void without_keys_there_is_nothing_to_encrypt_with() {
        assertThatIllegalStateException()
                .isThrownBy(() -> host.service.reencrypt(PayloadCursor.start(), 10))
                .withMessageContaining("encryption(...)");
    }

    @Test
    void a_store_without_the_ability_says_so() {
        SessionStore bare = new ForwardingSessionStore(host.store) {
            @Override
            public <T> Optional<T> ability(Class<T> type) {
                return Optional.empty();
            }
        };
        SessionService service =
                host.node(host.clock, builder -> builder.store(bare).encryption(OLD));

        assertThatThrownBy(() -> service.reencrypt(PayloadCursor.start(), 10))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("PayloadRewriting");
    }

    @Test
    void over_the_limit_the_oldest_session_ends_although_it_cannot_be_read() {
        Session oldest = login(with(OLD));
        SessionService other = host.node(
                host.clock, builder -> builder.encryption(NEW_ONLY).sessionLimit(SessionLimit.endOldestBeyond(1)));

        login(other);

        host.assertRevoked(host.tokens.of(oldest));
        assertThat(list(other).entries()).singleElement().satisfies(EncryptionTest::assertReadable);
    }
}
