package dev.curfew.examples.provider;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The example: a small OpenID provider, in one process and in memory. Thread-safe.
 *
 * <p>It has the authorization code flow with PKCE, ID tokens with {@code sid} and {@code auth_time}, and back-channel
 * logout; Curfew gives it its sign-ons, revocation, introspection and refresh. It has no consent, no user info, no
 * registration of clients and no TLS.
 */
public final class Provider implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int STOP_SECONDS = 1;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final CurfewSetup curfew;
    private final URI issuer;

    private Provider(ProviderSettings settings) throws IOException {
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
        this.issuer = URI.create("http://localhost:" + http.getAddress().getPort());
        Clock clock = Clock.systemUTC();
        RelyingParties parties = new RelyingParties(settings.parties());
        Tokens tokens = new Tokens(issuer, clock);
        Codes codes = new Codes(clock);
        BackChannel backChannel = new BackChannel(tokens);
        this.curfew = new CurfewSetup(issuer, parties, tokens);
        Persons persons = new Persons(settings.passwords());
        SignIn signIn = new SignIn(issuer, curfew, parties, persons, codes, backChannel, clock);
        TokenEndpoint token = new TokenEndpoint(curfew, parties.authenticator(), tokens, codes, backChannel, clock);
        Discovery discovery = new Discovery(issuer, curfew, tokens);
        SignOut signOut = new SignOut(curfew, backChannel);
        http.createContext(
                "/",
                new FrontDoor()
                        .on("GET", "/.well-known/openid-configuration", discovery::document)
                        .on("GET", "/jwks", discovery::keys)
                        .on("GET", "/authorize", signIn::authorize)
                        .on("POST", "/login", signIn::login)
                        .on("POST", "/token", token::answer)
                        .on("POST", "/revoke", curfew.revocation::answer)
                        .on("POST", "/introspect", curfew.introspection::answer)
                        .on("GET", "/", signOut::show)
                        .on("POST", "/logout", signOut::logout));
        http.setExecutor(threads);
    }

    /**
     * Starts the provider.
     *
     * @param args none
     */
    public static void main(String[] args) {
        // A client that sends its request byte by byte must not occupy a thread for ever.
        System.setProperty("sun.net.httpserver.maxReqTime", "20");
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            ProviderSettings settings = ProviderSettings.from(System.getenv());
            Provider provider = start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(provider::close, "provider-stop"));
            if (!System.getenv().containsKey("PASSWORDS")) {
                System.out.println("persons of this run: " + settings.passwords());
            }
            System.out.println("ready at " + provider.issuer());
            System.out.flush();
        } catch (IllegalArgumentException | IOException e) {
            System.err.println("The provider cannot start: " + e.getMessage());
            System.err.flush();
            System.exit(2);
        }
    }

    static Provider start(ProviderSettings settings) throws IOException {
        Provider provider = new Provider(settings);
        provider.http.start();
        return provider;
    }

    URI issuer() {
        return issuer;
    }

    /** Lets requests under way finish, then stops. */
    @Override
    public void close() {
        http.stop(STOP_SECONDS);
        threads.shutdown();
        curfew.close();
    }
}
