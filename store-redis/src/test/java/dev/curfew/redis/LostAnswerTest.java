package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.OperationId;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.Precondition;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The client sends a script again whose answer a broken connection lost: the verb answers what happened. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LostAnswerTest {
    private static final Instant NOW = Given.NOW;

    private RedisServer server;
    private AnswerLosingProxy proxy;
    private RedisClient client;
    private RedisSessionStore store;
    private FeedPosition position;
    private int expected;

    @BeforeEach
    void start() {
        server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        proxy = AnswerLosingProxy.before(server);
        client = RedisClient.create(proxy.uri());
        store = Stores.opened(RedisSessionStore.on(client).callTimeout(Duration.ofSeconds(20)));
    }

    @AfterEach
    void stop() {
        store.close();
        client.shutdown();
        proxy.close();
        server.close();
    }

    @Test
    void a_login() {
        ManualClock clock = ManualClock.at(NOW);
        SessionService service = SessionService.builder()
                .store(store)
                .lifetimes(new SessionLifetimes(Duration.ofHours(24), Duration.ofHours(1)))
                .tokenPolicies(TestTokens.ours(Given.REALM, clock).policy())
                .storeSessionsUnencrypted()
                .sessionLimit(SessionLimit.endOldestBeyond(1))
                .clock(clock)
                .withoutAuditLog()
                .authoritativeChecks()
                .build();
        SubjectId alice = Given.subject("alice");
        LoginResult first = service.beginLogin(alice).complete(DeviceInfo.unknown());
        clock.advance(Duration.ofSeconds(1));

        lose(LuaScript.INSERT);
        LoginResult second = service.beginLogin(alice).complete(DeviceInfo.unknown());

        isLost();
        assertThat(second)
                .isInstanceOfSatisfying(
                        LoginResult.LoggedIn.class,
                        in -> assertThat(in.ended())
                                .containsExactly(
                                        ((LoginResult.LoggedIn) first).session().handle()));
        service.close();
    }

    @Test
    void a_write_of_a_shared_record_is_no_other_writers() {
        SharedRecords records = store.ability(SharedRecords.class).orElseThrow();
        RecordKey key = new RecordKey(LookupKey.of("group"), LookupKey.of("item"));
        Instant end = NOW.plusSeconds(60);

        lose(LuaScript.WRITE_RECORD);
        assertThat(records.write(key, 0, new byte[] {1}, end, NOW)).isTrue();
        isLost();
        long version = records.read(key, NOW).orElseThrow().version();

        lose(LuaScript.WRITE_RECORD);
        assertThat(records.write(key, version, new byte[] {2}, end, NOW)).isTrue();
        isLost();
        assertThat(records.write(key, version, new byte[] {2}, end, NOW))
                .as("the same by somebody else")
                .isFalse();
        assertThat(records.read(key, NOW).orElseThrow().version()).isEqualTo(version + 1);

        assertThat(records.remove(key, version, NOW))
                .as("the server knows the script")
                .isFalse();
        lose(LuaScript.REMOVE_RECORD);
        assertThat(records.remove(key, version + 1, NOW))
                .as("nothing is left that would tell")
                .isFalse();
        isLost();
        assertThat(records.read(key, NOW)).isEmpty();
    }

    @Test
    void an_insert_for_which_others_are_ended() {
        GivenSession oldest = Given.session(Given.subject("alice"))
                .foreign("sid-1")
                .began(NOW)
                .build();
        store.insert(oldest.row(), SessionLimit.unlimited(), NOW);
        GivenSession next =
                Given.session(Given.subject("alice")).began(NOW.plusSeconds(1)).build();

        lose(LuaScript.INSERT);
        InsertResult result = store.insert(next.row(), SessionLimit.endOldestBeyond(1), NOW.plusSeconds(1));

        isLost();
        assertThat(((InsertResult.Inserted) result).ended()).singleElement().satisfies(ended -> {
            assertThat(ended.session().key()).isEqualTo(oldest.row().key());
            assertThat(ended.coveredBy()).isNotEmpty();
        });
        assertThat(store.revocationsCovering(oldest.token("t"), NOW.plusSeconds(1)))
                .hasSize(1);
    }

    @Test
    void an_insert_that_replaces_a_session() {
        SubjectId alice = Given.subject("alice");
        GivenSession old = Stores.insert(store, "alice", NOW);
        GivenSession foreign = Given.session(alice).foreign("sid-1").build();
        store.insert(foreign.row(), SessionLimit.unlimited(), NOW);
        GivenSession next = Given.session(alice).began(NOW.plusSeconds(1)).build();
        GivenSession last = Given.session(alice).began(NOW.plusSeconds(2)).build();

        lose(LuaScript.INSERT);
        InsertResult ours = replace(old, next, NOW.plusSeconds(1));
        isLost();
        lose(LuaScript.INSERT);
        InsertResult foreigns = replace(foreign, last, NOW.plusSeconds(2));
        isLost();

        assertReplaced(ours, old);
        assertReplaced(foreigns, foreign);
        assertThat(store.revocationsCovering(old.token("t"), NOW.plusSeconds(2)))
                .hasSize(1);
        assertThat(store.revocationsCovering(foreign.token("t"), NOW.plusSeconds(2)))
                .hasSize(1);
    }

    private InsertResult replace(GivenSession old, GivenSession next, Instant now) {
        return store.insert(new NewSession(next.row(), SessionLimit.unlimited(), Optional.of(old.ref())), now);
    }

    private static void assertReplaced(InsertResult result, GivenSession old) {
        assertThat(((InsertResult.Inserted) result).ended()).singleElement().satisfies(ended -> {
            assertThat(ended.session().key()).isEqualTo(old.row().key());
            assertThat(ended.coveredBy()).extracting(Revocation::reason).containsExactly(RevocationReason.REPLACED);
        });
    }

    @Test
    void an_exchange() {
        GivenSession session = withSecret();

        lose(LuaScript.ROTATE);
        RotateResult result = store.rotate(session.ref(), whole(session), NOW.plusSeconds(1));

        isLost();
        assertThat(result).isEqualTo(new RotateResult.Rotated());
        assertExchangedOnce(session);
    }

    @Test
    void an_exchange_whose_server_was_killed_between_executing_it_and_answering() {
        GivenSession session = withSecret();

        proxy.loseAnswerTo(LuaScript.ROTATE.digest(), () -> {
            server.kill();
            server.startAgain();
        });
        RotateResult result = store.rotate(session.ref(), whole(session), NOW.plusSeconds(1));

        isLost();
        assertThat(result).isEqualTo(new RotateResult.Rotated());
        assertExchangedOnce(session);
    }

    private GivenSession withSecret() {
        GivenSession session =
                Given.session(Given.subject("alice")).secret("first").build();
        store.insert(session.row(), SessionLimit.unlimited(), NOW);
        // The server knows the script from then on, so that the next call names its digest.
        assertThat(store.rotate(session.ref(), Given.exchange("none", "never"), NOW))
                .isInstanceOf(RotateResult.Mismatch.class);
        position = Stores.caughtUp(store);
        return session;
    }

    /** Exchanges all that can be. */
    private static Rotation whole(GivenSession session) {
        return Given.exchange("first", "second")
                .withPayload(session.row().payload(), new byte[] {9})
                .seenAt(NOW.plusSeconds(1))
                .withNotice();
    }

    private void assertExchangedOnce(GivenSession session) {
        StoredSession row = store.find(session.ref(), NOW).orElseThrow().session();
        assertThat(row.isSameAs(whole(session).applyTo(session.row()))).isTrue();
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(position, 10, NOW);
        assertThat(page.entries())
                .containsExactly(new FeedEntry.Rotated(session.row().key()));
    }

    @Test
    void a_revocation_and_one_that_every_partition_keeps() {
        GivenSession session = Stores.insert(store, "alice", NOW);
        Stores.revoke(store, Given.tokenTarget(Given.subject("alice"), "t"), NOW);
        Stores.revoke(store, RevocationTarget.signingKey("other"), NOW);

        lose(LuaScript.REVOKE);
        RevokeResult result = revoke(RevocationTarget.subject(session.subject()), 1);
        isLost();
        lose(LuaScript.REVOKE_EVERYWHERE);
        RevokeResult everywhere = revoke(RevocationTarget.signingKey("thumb"), 2);
        isLost();

        Revocation entry = ((RevokeResult.Recorded) result).entry();
        assertThat(result).isEqualTo(new RevokeResult.Recorded(entry, 1, false));
        assertThat(((RevokeResult.Recorded) everywhere).newlyCovered()).isEqualTo(RevokeResult.Recorded.UNCOUNTED);
        assertThat(store.revocationsCovering(session.token("t"), NOW)).contains(entry);
    }

    @Test
    void payloads_and_signs_of_life() {
        GivenSession session = Stores.insert(store, "alice", NOW);
        Instant seen = NOW.plusSeconds(90);
        store.touch(List.of(new Touch(session.ref(), NOW)), NOW);
        StoredPayload before = StoredPayload.of(session.row());
        store.replace(List.of(new PayloadChange(before, before.payload())), NOW);

        lose(LuaScript.REPLACE_PAYLOADS);
        int replaced = store.replace(List.of(new PayloadChange(before, new byte[] {9})), NOW);
        isLost();
        lose(LuaScript.TOUCH);
        store.touch(List.of(new Touch(session.ref(), seen)), seen);
        isLost();

        assertThat(replaced).isEqualTo(1);
        assertThat(store.find(session.ref(), NOW).orElseThrow().session().lastSeenAt())
                .isEqualTo(seen);
        assertThat(store.find(session.ref(), NOW).orElseThrow().session().payload())
                .isEqualTo(new byte[] {9});
    }

    @Test
    void an_erasure_which_then_finds_less() {
        Stores.insert(store, "alice", NOW);
        SubjectId alice = Given.subject("alice");
        assertThat(store.erase(Given.subject("bob"), NOW, 10, NOW)).isEqualTo(new ErasedRows(0, false));

        lose(LuaScript.ERASE);
        ErasedRows rows = store.erase(alice, NOW, 10, NOW);

        isLost();
        assertThat(rows).isEqualTo(new ErasedRows(0, false));
        assertThat(store.list(alice, ListQuery.all(10), NOW).sessions()).isEmpty();
    }

    @Test
    void opening() {
        lose(LuaScript.OPEN);
        store.open(Given.SETTINGS, NOW);

        isLost();
        assertThat(Stores.reload(store)).hasSize(16);
    }

    private RevokeResult revoke(RevocationTarget target, long name) {
        return store.revoke(
                RevocationRequest.of(target, new OperationId(name, name)).build(), Precondition.none(), NOW);
    }

    private void lose(LuaScript script) {
        proxy.loseAnswerTo(script.digest());
    }

    private void isLost() {
        assertThat(proxy.lost()).as("lost answers").isEqualTo(++expected);
    }
}
