package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.redis.connection.BoundedCalls;
import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.connection.RedisConnector;
import dev.curfew.redis.connection.RedisPort;
import dev.curfew.redis.connection.Script;
import dev.curfew.redis.connection.Server;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever comes between the reading of a partition and that of its bucket makes nobody ACTIVE, and no false alarm. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BetweenReadingsTest {
    private static final Instant NOW = Given.NOW;

    @RegisterExtension
    static final SharedRedis SHARED = new SharedRedis();

    private final RedisKeys keys = new RedisKeys("curfew", 16);
    private RedisSessionStore store;
    private RedisSessionStore other;
    private GivenSession revoked;
    private TokenFacts token;
    private Revocation birth;
    private volatile Runnable between = () -> {};

    @BeforeEach
    void open() {
        RedisPort port = RedisConnector.of(SHARED.client()).connect(false);
        store = SHARED.closing(new RedisSessionStore(
                new Server(
                        new Interrupted(port),
                        new BoundedCalls(Duration.ofSeconds(10), () -> {}),
                        new TestServerClock(),
                        0),
                keys,
                ServerCheck.NONE));
        store.open(Given.SETTINGS, Given.BIRTH);
        other = SHARED.store();
        revoked = Given.session(Given.subject("alice")).build();
        token = Given.token(Given.subject("alice"), "short").issuedAt(NOW).build();
        birth = birth();
    }

    @Test
    void a_purge_that_removes_one_of_several_entries() {
        recordShort();
        Stores.revoke(other, revoked.target(), NOW);
        between(() -> other.purge(NOW.plus(Duration.ofHours(2)), 100));

        assertThatThrownBy(() -> store.revocationsCovering(token, NOW.plusSeconds(30)))
                .isInstanceOf(BeforeHorizonException.class);
        assertThat(store.revocationsCovering(token, NOW.plus(Duration.ofHours(2))))
                .isEmpty();
        assertNoLoss();
    }

    @Test
    void a_purge_that_removes_the_last_entry() {
        recordShort();
        between(() -> other.purge(NOW.plus(Duration.ofHours(2)), 100));

        assertThatThrownBy(() -> store.revocationsCovering(token, NOW.plusSeconds(30)))
                .isInstanceOf(BeforeHorizonException.class);
        assertNoLoss();
    }

    @Test
    void the_last_entry_goes_and_a_first_one_comes() {
        recordShort();
        between(() -> {
            other.purge(NOW.plus(Duration.ofHours(2)), 100);
            Stores.revoke(other, revoked.target(), NOW.plus(Duration.ofHours(2)));
        });

        assertThatThrownBy(() -> store.revocationsCovering(token, NOW.plusSeconds(30)))
                .isInstanceOf(BeforeHorizonException.class);
        assertNoLoss();
    }

    @Test
    void a_first_entry() {
        between(this::recordShort);

        assertThat(store.revocationsCovering(token, NOW)).hasSize(1);
        assertNoLoss();
    }

    @Test
    void the_loss_of_the_bucket() {
        recordShort();
        between(() -> SHARED.server().send("DEL curfew:{8}:r" + token.bucket()));
        assertThat(keys.partitionOf(token.bucket())).isEqualTo(8);

        assertThat(store.revocationsCovering(token, NOW.plusSeconds(5)))
                .singleElement()
                .satisfies(found -> assertThat(found.reason()).isEqualTo(RevocationReason.STORE_CREATED));
    }

    @Test
    void a_purge_while_a_node_loads() {
        recordShort();
        Stores.revoke(other, revoked.target(), NOW);
        between(() -> other.purge(NOW.plus(Duration.ofHours(2)), 100));

        assertThat(loaded().times().horizon()).isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertNoLoss();
    }

    @Test
    void the_loss_of_a_bucket_while_a_node_loads() {
        recordShort();
        between(() -> SHARED.server().send("DEL curfew:{8}:r" + token.bucket()));

        assertThatThrownBy(this::loaded).as("a new birth is a gap").isInstanceOf(ClassCastException.class);
        assertThat(birth()).isNotEqualTo(birth);
    }

    private FeedRead.Page loaded() {
        RevocationFeed feed = store.feed();
        FeedRead.Page page = (FeedRead.Page) feed.readAfter(FeedPosition.beginning(), 100, NOW.plusSeconds(30));
        while (!page.isCaughtUp()) {
            page = (FeedRead.Page) feed.readAfter(page.next(), 100, NOW.plusSeconds(30));
        }
        return page;
    }

    private void recordShort() {
        other.record(
                List.of(Revocation.of(Given.tokenTarget(Given.subject("alice"), "short"))
                        .revokedAt(NOW)
                        .forgetAfter(NOW.plusSeconds(60))
                        .build()),
                NOW);
    }

    private void assertNoLoss() {
        assertThat(birth()).isEqualTo(birth);
    }

    private Revocation birth() {
        return Stores.reload(other).stream()
                .filter(entry -> entry.reason() == RevocationReason.STORE_CREATED
                        && entry.target().bucket() == 8)
                .findFirst()
                .orElseThrow();
    }

    /** Once, between the first reading of the next packet that has several and the second. */
    private void between(Runnable step) {
        between = () -> {
            between = () -> {};
            step.run();
        };
    }

    private final class Interrupted implements RedisPort {
        private final RedisPort port;

        Interrupted(RedisPort port) {
            this.port = port;
        }

        @Override
        public List<? extends CompletableFuture<List<byte[]>>> send(List<ReadCommand> reads) {
            List<CompletableFuture<List<byte[]>>> sent = new ArrayList<>();
            for (ReadCommand read : reads) {
                CompletableFuture<List<byte[]>> one = port.send(List.of(read)).get(0);
                one.join();
                sent.add(one);
                between.run();
            }
            return sent;
        }

        @Override
        public CompletionStage<Object> run(Script script, List<byte[]> names, List<byte[]> args) {
            return port.run(script, names, args);
        }

        @Override
        public CompletionStage<Object> runDurably(
                Script script, List<byte[]> names, List<byte[]> args, int replicas, long timeoutMillis) {
            return port.runDurably(script, names, args, replicas, timeoutMillis);
        }

        @Override
        public CompletionStage<List<String>> config(String parameter) {
            return port.config(parameter);
        }

        @Override
        public CompletionStage<List<String>> info(String section) {
            return port.info(section);
        }

        @Override
        public AutoCloseable listen(byte[] channel, Runnable listener) {
            return port.listen(channel, listener);
        }

        @Override
        public void lookForServers() {
            port.lookForServers();
        }

        @Override
        public void close() {
            port.close();
        }
    }
}
