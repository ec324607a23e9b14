package dev.curfew.examples.server;

import com.sun.net.httpserver.HttpServer;
import dev.curfew.http.EndpointRouter;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The example: a small host application with Curfew inside, on the JDK's own HTTP server. Thread-safe. */
public final class DemoServer implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int STOP_SECONDS = 1;
    private static final Duration BEAT = Duration.ofSeconds(15);
    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";

    /** Where curfew-devices-page has its files on the class path; servlet containers serve them by themselves. */
    private static final String DEVICES = "/META-INF/resources/curfew/";

    private final DemoStorage storage;
    private final CurfewSetup curfew;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Purging purging;
    private final EventStreams events;

    private DemoServer(InetSocketAddress address, DemoStorage storage, Clock clock, Map<String, String> passwords)
            throws IOException {
        this.http = HttpServer.create(address, 0);
        this.storage = storage;
        TokenIssuer issuer = new TokenIssuer(storage.secret(), clock);
        String[] origins = Origins.of(address, http.getAddress().getPort());
        this.curfew = new CurfewSetup(storage, issuer, clock, origins);
        this.purging = new Purging(curfew.sessions());
        this.events = new EventStreams(curfew, BEAT);
        LoginHandler login = new LoginHandler(curfew, new Users(passwords), issuer, clock);
        http.createContext("/", frontDoor(login));
        http.setExecutor(threads);
    }

    /**
     * Starts the example.
     *
     * @param args none
     */
    public static void main(String[] args) {
        // A client that sends its request byte by byte must not occupy a thread for ever. Answers are small enough for
        // the buffers of the system, and a stream of events lasts: there is no limit for those.
        System.setProperty("sun.net.httpserver.maxReqTime", "20");
        try {
            run(Settings.addressFrom(System.getenv()), DemoStorage.from(System.getenv()));
        } catch (IllegalArgumentException e) {
            giveUp(String.valueOf(e.getMessage()), 2);
        }
    }

    private static void run(InetSocketAddress address, DemoStorage storage) {
        Map<String, String> passwords = new LinkedHashMap<>();
        passwords.put("alice", PasswordHash.randomPassword());
        passwords.put("bob", PasswordHash.randomPassword());
        try {
            DemoServer server = start(address, storage, Clock.systemUTC(), passwords);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "demo-stop"));
            System.out.print(Banner.of(server.uri(), passwords, storage.notice(), storage.afterwards()));
            System.out.flush();
        } catch (BindException e) {
            giveUp(
                    "Cannot listen on port " + address.getPort() + " of " + address.getHostString()
                            + ": it is in use, or not allowed here. Set PORT to another one, or to 0 for any free one.",
                    1);
        } catch (IOException e) {
            giveUp("The server cannot start: " + e.getMessage(), 1);
        }
    }

    static DemoServer start(InetSocketAddress address, DemoStorage storage, Clock clock, Map<String, String> passwords)
            throws IOException {
        DemoServer server = new DemoServer(address, storage, clock, passwords);
        server.http.start();
        return server;
    }

    URI uri() {
        return URI.create("http://localhost:" + http.getAddress().getPort());
    }

    /** Ends the streams, lets requests under way finish, then stops. */
    @Override
    public void close() {
        curfew.sessions().watches().close();
        events.close();
        http.stop(STOP_SECONDS);
        threads.shutdown();
        purging.close();
        curfew.sessions().close();
        storage.close();
    }

    private FrontDoor frontDoor(LoginHandler login) {
        return new FrontDoor(EndpointRouter.of(curfew.endpoints()), events)
                .on("POST", "/api/v1/auth/login", login)
                .on("GET", "/api/v1/auth/stay", new StayHandler())
                .on("GET", "/api/me", new MeHandler(curfew))
                .on("GET", "/health", new HealthHandler(curfew.sessions()))
                .on("GET", "/", new PageHandler("index.html", "text/html; charset=utf-8"))
                .on("GET", "/app.js", new PageHandler("app.js", JAVASCRIPT))
                .on("GET", "/refresh.js", new PageHandler("refresh.js", JAVASCRIPT))
                .on("GET", "/app.css", new PageHandler("app.css", CSS))
                .on("GET", "/curfew/devices.js", new PageHandler(DEVICES + "devices.js", JAVASCRIPT))
                .on("GET", "/curfew/devices.css", new PageHandler(DEVICES + "devices.css", CSS))
                .on("GET", "/favicon.svg", new PageHandler("favicon.svg", "image/svg+xml"));
    }

    private static void giveUp(String sentence, int status) {
        System.err.println(sentence);
        System.err.flush();
        System.exit(status);
    }
}
