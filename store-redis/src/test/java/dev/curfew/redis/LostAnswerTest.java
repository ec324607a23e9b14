package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.crypto.SecretHash;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.OperationId;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.Touch;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    private int expected;

    @BeforeEach
    void start() {
        server = RedisServer.start();
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
    void an_exchange_of_secrets() {
        GivenSession session =
                Given.session(Given.subject("alice")).secret("first").build();
        store.insert(session.row(), SessionLimit.unlimited(), NOW);
        store.rotate(session.ref(), SecretHash.of("none"), SecretHash.of("first"), NOW);

        lose(LuaScript.ROTATE);
        RotateResult result = store.rotate(session.ref(), SecretHash.of("first"), SecretHash.of("second"), NOW);

        isLost();
        assertThat(result).isEqualTo(RotateResult.ROTATED);
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
        StoredPayload before = new StoredPayload(
                session.row().key(), session.row().bucket(), session.row().payload());
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
