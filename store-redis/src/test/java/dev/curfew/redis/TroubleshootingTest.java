package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.papers.SaidInLog;
import dev.curfew.papers.TroubleshootingPage;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the page about trouble quotes of this module is what the code says when it is caused. */
@Timeout(120)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TroubleshootingTest {
    private static final String PASSWORD = "only-of-this-test";
    private static RedisServer server;
    private static RedisServer secret;
    private static RedisServer ofACluster;
    private final List<AbstractRedisClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        secret = RedisServer.start();
        secret.send("CONFIG SET requirepass " + PASSWORD);
        ofACluster = RedisServer.start("--cluster-enabled", "yes");
    }

    @AfterAll
    static void stop() {
        server.close();
        secret.close();
        ofACluster.close();
    }

    @AfterEach
    void shutDown() {
        clients.forEach(AbstractRedisClient::shutdown);
    }

    @Test
    void each_message_on_the_page_is_said_and_each_that_is_said_here_stands_on_the_page() throws IOException {
        TroubleshootingPage page = TroubleshootingPage.of("redis");
        page.cause("nobody listens", opening(RedisURI.create("127.0.0.1", 1)))
                .cause("an unknown host", opening(RedisURI.create("nowhere.invalid", 6379)))
                .cause("no password", opening(secret.uri()))
                .cause("a wrong password", opening(withUser(secret, "default", "another")))
                .cause("TLS on a port without", () -> withTls(server))
                .cause("no TLS on a port with it", TroubleshootingTest::withoutTls)
                .cause("a server that accepts and says nothing", TroubleshootingTest::withoutAnAnswer)
                .cause("a server that ends while the store is opened", TroubleshootingTest::withADyingServer)
                .cause("a cluster's client for one server", () -> {
                    RedisClusterClient client = RedisClusterClient.create(server.uri());
                    clients.add(client);
                    return RedisSessionStore.on(client).build();
                })
                .cause("a server's client for a cluster", opening(ofACluster.uri()))
                .cause("a store that is closed too early", () -> {
                    RedisSessionStore store = Stores.opened(RedisSessionStore.on(client(server.uri())));
                    store.close();
                    return store.newestCutOff(Given.subject("alice"), Given.NOW);
                })
                .cause("a client that is shut down too early", () -> {
                    RedisClient client = RedisClient.create(server.uri());
                    RedisSessionStore store = Stores.opened(RedisSessionStore.on(client));
                    client.shutdown();
                    return store.newestCutOff(Given.subject("alice"), Given.NOW);
                })
                .cause("other libraries", TroubleshootingTest::withAnotherNetty);
        rights(page);
        server.send("FLUSHALL");
        page.cause("other partitions", () -> {
            opening(server.uri()).call();
            return opening(server.uri(), builder -> builder.partitions(32)).call();
        });
        page.cause(
                "a server that may lose what it has", SaidInLog.by("dev.curfew.redis.connection.ServerSafety", () -> {
                    opening(server.uri(), builder -> builder.keyPrefix("unsafe"))
                            .call();
                    return () -> {};
                }));

        assertThat(page.differences()).isEmpty();
    }

    private void rights(TroubleshootingPage page) {
        server.send("ACL SETUSER keys on >" + PASSWORD + " ~other* &other* +@all");
        server.send("ACL SETUSER commands on >" + PASSWORD + " ~curfew* &curfew* +@connection");
        server.send("ACL SETUSER channels on >" + PASSWORD + " ~curfew* resetchannels +@all");
        page.cause("other keys", opening(withUser(server, "keys", PASSWORD)))
                .cause("no commands", opening(withUser(server, "commands", PASSWORD)))
                .cause("no channel", SaidInLog.by("dev.curfew.redis.connection.HintListener", () -> {
                    RedisSessionStore store = RedisSessionStore.on(client(withUser(server, "channels", PASSWORD)))
                            .build();
                    return store.hints(() -> {});
                }));
    }

    @Test
    void the_rights_that_the_page_gives_are_enough() throws Exception {
        String line = Files.readString(Path.of("../docs/troubleshooting.md"))
                .lines()
                .filter(text -> text.startsWith("ACL SETUSER"))
                .findFirst()
                .orElseThrow();
        assertThat(server.send(line)).startsWith("+OK");

        try (RedisSessionStore store = RedisSessionStore.on(client(withUser(server, "app", "pwd")))
                .keyPrefix("curfew-acl")
                .waitForReplicas(0)
                .build()) {
            store.open(Given.SETTINGS, Given.BIRTH);
            GivenSession session = Stores.insert(store, "alice", Given.NOW);
            Stores.revoke(store, session.target(), Given.NOW);
            assertThat(store.find(session.ref(), Given.NOW)).isPresent();
            assertThat(store.newestCutOff(Given.subject("alice"), Given.NOW)).isNotNull();
            assertThat(Stores.reload(store)).isNotEmpty();
        }
    }

    private Callable<String> opening(RedisURI uri) {
        return opening(uri, UnaryOperator.identity());
    }

    private Callable<String> opening(RedisURI uri, UnaryOperator<RedisSessionStoreBuilder> settings) {
        return () -> {
            try (RedisSessionStore store =
                    settings.apply(RedisSessionStore.on(client(uri))).build()) {
                store.open(Given.SETTINGS, Given.BIRTH);
                return "opened";
            }
        };
    }

    private RedisClient client(RedisURI uri) {
        RedisClient client = RedisClient.create(uri);
        clients.add(client);
        return client;
    }

    private static RedisURI withUser(RedisServer at, String user, String password) {
        return RedisURI.builder(at.uri())
                .withAuthentication(user, password.toCharArray())
                .build();
    }

    private static Object withTls(RedisServer plain) {
        RedisURI uri = RedisURI.builder(plain.uri()).withSsl(true).build();
        SslOptions impatient =
                SslOptions.builder().handshakeTimeout(Duration.ofMillis(500)).build();
        return opened(uri, ClientOptions.builder().sslOptions(impatient).build());
    }

    /** A server of TLS has no certificate to show here: so far they do not get. */
    private static Object withoutTls() throws Exception {
        try (ServerSocket tls = SSLContext.getDefault().getServerSocketFactory().createServerSocket(0)) {
            Thread server = new Thread(() -> answerAll(tls), "a server of TLS");
            server.setDaemon(true);
            server.start();
            return opened(RedisURI.create("127.0.0.1", tls.getLocalPort()), ClientOptions.create());
        }
    }

    private static void answerAll(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                connection.getInputStream().read();
            } catch (IOException e) {
                // What came was no TLS, and was answered as such; or the test is over.
            }
        }
    }

    private static Object withoutAnAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            RedisURI uri = RedisURI.builder()
                    .withHost("127.0.0.1")
                    .withPort(silent.getLocalPort())
                    .withTimeout(Duration.ofMillis(500))
                    .build();
            return opened(uri, ClientOptions.create());
        }
    }

    private static Object withADyingServer() {
        RedisServer dying = RedisServer.start();
        try (RedisClient client = RedisClient.create(dying.uri());
                RedisSessionStore store = RedisSessionStore.on(client).build()) {
            dying.close();
            store.open(Given.SETTINGS, Given.BIRTH);
            return "opened";
        }
    }

    private static Object opened(RedisURI uri, ClientOptions options) {
        try (RedisClient client = RedisClient.create(uri)) {
            client.setOptions(options);
            try (RedisSessionStore store = RedisSessionStore.on(client).build()) {
                store.open(Given.SETTINGS, Given.BIRTH);
                return "opened";
            }
        }
    }

    /** On a class path whose Netty lacks what Lettuce uses, as one of 4.1 does. */
    private static String withAnotherNetty() throws Exception {
        try (URLClassLoader libraries = new Libraries("io.netty.channel.MultiThreadIoEventLoopGroup")) {
            Class<?> client = libraries.loadClass(RedisClient.class.getName());
            Class<?> store = libraries.loadClass(RedisSessionStore.class.getName());
            Object builder = store.getMethod("on", client)
                    .invoke(
                            null,
                            client.getMethod("create", String.class)
                                    .invoke(null, server.uri().toURI().toString()));
            return builder.getClass().getMethod("build").invoke(builder).toString();
        } catch (InvocationTargetException e) {
            throw (Exception) e.getCause();
        }
    }

    /** The class path of these tests without one class. */
    private static final class Libraries extends URLClassLoader {
        private final String missing;

        Libraries(String missing) throws MalformedURLException {
            super(urls(), ClassLoader.getPlatformClassLoader());
            this.missing = missing;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.equals(missing)) {
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }

        private static URL[] urls() throws MalformedURLException {
            String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            List<URL> urls = new ArrayList<>();
            for (String entry : path.split(File.pathSeparator, -1)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }
    }
}
