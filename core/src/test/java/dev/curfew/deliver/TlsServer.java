package dev.curfew.deliver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A real server of https on this machine, with a certificate of a name, which answers what a test says. */
public final class TlsServer implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final HttpsServer server;
    private final ExecutorService serving = Executors.newCachedThreadPool();
    private final List<HttpExchange> seen = new CopyOnWriteArrayList<>();
    private volatile BodyAnswer answer = (exchange, body) -> exchange.sendResponseHeaders(204, -1);

    /** Writes one answer. */
    public interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    /** Writes one answer to what came. */
    public interface BodyAnswer {
        void to(HttpExchange exchange, byte[] body) throws IOException;
    }

    /** A key, and the certificate that it signed itself. */
    public static KeyStore certificateOf(String name, Path folder) {
        Path file = folder.resolve(name + ".p12");
        try {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "a",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "san=dns:" + name,
                            "-validity",
                            "2",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            new String(PASSWORD))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool failed: " + said);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            }
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Trusts these certificates. */
    public static SSLContext trusting(KeyStore... stores) {
        try {
            KeyStore all = KeyStore.getInstance("PKCS12");
            all.load(null, null);
            for (int i = 0; i < stores.length; i++) {
                all.setCertificateEntry("a" + i, stores[i].getCertificate("a"));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(all);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public TlsServer(KeyStore certificate) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(certificate, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(serving);
        server.createContext("/", exchange -> {
            seen.add(exchange);
            try {
                answer.to(exchange, exchange.getRequestBody().readAllBytes());
            } finally {
                exchange.close();
            }
        });
        server.start();
    }

    public void answers(Answer next) {
        this.answer = (exchange, body) -> next.to(exchange);
    }

    public void answersBody(BodyAnswer next) {
        this.answer = next;
    }

    public List<HttpExchange> seen() {
        return seen;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String host() {
        return "localhost:" + port();
    }

    public URI uri(String path) {
        return URI.create("https://localhost:" + port() + path);
    }

    @Override
    public void close() {
        server.stop(0);
        serving.shutdownNow();
    }
}
