package dev.curfew.examples.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.LoginResult;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.client.ClientAuthenticator;
import dev.curfew.client.ClientAuthenticators;
import dev.curfew.client.ClientSecret;
import dev.curfew.client.RegisteredClient;
import dev.curfew.crypto.KeyRing;
import dev.curfew.event.RequestContext;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.IssuedAccessToken;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.jdbc.audit.AuditAnchor;
import dev.curfew.jdbc.audit.JdbcAuditSink;
import dev.curfew.oauth.IntrospectionEndpoint;
import dev.curfew.oauth.PresentedTokens;
import dev.curfew.oauth.RefreshEndpoint;
import dev.curfew.oauth.TokenRevocationEndpoint;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.token.Caller;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenPolicyBuilder;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import dev.curfew.watch.WatchNews;
import io.lettuce.core.RedisClient;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of the pages has at hand: the names that the blocks do not explain, with something real behind each.
 * Confined to one thread; of each block there is one of its own.
 */
@SuppressWarnings({"unused", "this-escape"}) // by compiled pages alone; the issuer is called when all is made
public abstract class PageContext implements AutoCloseable {
    /** What stands in front of each block, as a page need not. */
    static final List<String> ROOMS = List.of(
            "java.net",
            "java.sql",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "dev.curfew",
            "dev.curfew.audit",
            "dev.curfew.check",
            "dev.curfew.client",
            "dev.curfew.crypto",
            "dev.curfew.event",
            "dev.curfew.http",
            "dev.curfew.jdbc",
            "dev.curfew.jdbc.audit",
            "dev.curfew.jdbc.database",
            "dev.curfew.memory",
            "dev.curfew.oauth",
            "dev.curfew.redis",
            "dev.curfew.redis.server",
            "dev.curfew.refresh",
            "dev.curfew.replica",
            "dev.curfew.revocation",
            "dev.curfew.session",
            "dev.curfew.store",
            "dev.curfew.subject",
            "dev.curfew.suspicion",
            "dev.curfew.token",
            "dev.curfew.watch");

    private static final String ISSUER = "https://demo.curfew.example";
    private static final String AUDIENCE = "demo-api";
    private static final Duration TABS = Duration.ofSeconds(10);

    /** A client of a real server, set by the test for all blocks. */
    static @Nullable RedisClient redis;

    protected final Clock clock = Clock.systemUTC();
    protected final byte[] secret = random();
    protected final byte[] key = random();
    protected final KeyRing keyRing = KeyRing.of("2026", key);
    protected final Realm realm = Realm.of("shop");
    protected final SubjectId subject = new SubjectId(realm, "alice");
    protected final SubjectId alice = subject;
    protected final String user = "alice";
    protected final String password = "correct horse";
    protected final String hash = "$2y$10$";
    protected final String code = "123456";
    protected final ClientId clientId = new ClientId(realm, "web");
    protected final RevocationCause cause = RevocationCause.byUser(RevocationReason.CREDENTIAL_CHANGED);
    protected final String idempotencyKey = UUID.randomUUID().toString();
    protected final String address = "192.0.2.7";
    protected final String traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    protected final Set<String> customers = Set.of("acme");
    protected final List<Kept> kept = new ArrayList<>();
    protected final Passwords passwords = (connection, name, newHash) -> {};
    protected final Chain chain = (question, answer) -> {};
    protected final Answer response = new Answer();

    protected final TokenPolicy policy = policy(ISSUER, realm).build();
    protected final TokenPolicy first = policy;
    protected final TokenPolicy second =
            policy("https://second.example.com", Realm.of("second")).build();
    protected final TokenPolicy third =
            policy("https://third.example.com", Realm.of("third")).build();
    protected final TokenPolicy changed =
            policy(ISSUER, realm).audience("web-api").build();
    protected final TokenVerifier verifier = TokenVerifier.of(policy);
    protected final DataSource dataSource = database();
    protected final JdbcSessionStore store = JdbcSessionStore.on(dataSource).build();
    protected final SessionService sessions = service();
    protected final SessionEndpoints endpoints = SessionEndpoints.builder()
            .service(sessions)
            .verifier(verifier)
            .sessionTokens(realm)
            .build();
    protected final LoginResult.LoggedIn login = (LoginResult.LoggedIn) sessions.beginLogin(subject)
            .withSessionToken()
            .evidence("urn:example:mfa", Set.of("pwd", "otp"))
            .complete(DeviceInfo.of("Firefox on Linux"));
    protected final Session session = login.session();
    protected final String presentedToken = login.token().orElseThrow().reveal();
    protected final String token = presentedToken;
    protected final Caller caller =
            ((SessionAuthentication.Authenticated) sessions.credentials().authenticate(realm, presentedToken)).caller();
    protected final String target = "/shop/hello";
    protected final EndpointRequest request = EndpointRequest.of("GET")
            .header("Authorization", "Bearer " + presentedToken)
            .build();
    protected final Connection connection = transaction();
    protected final AuditAnchor anchorOfYesterday = anchor();

    protected final Registry registry = new Registry();
    protected final ClientAuthenticator clients = ClientAuthenticators.secretBasic(registry::secret);
    protected final RefreshEndpoint refresh =
            RefreshEndpoint.of(sessions, clients, this::issueToken).build();
    protected final TokenRevocationEndpoint revocation = TokenRevocationEndpoint.of(
                    sessions, clients, PresentedTokens.verifiedBy(verifier))
            .build();
    protected final IntrospectionEndpoint introspection = IntrospectionEndpoint.of(
                    sessions, clients, PresentedTokens.verifiedBy(verifier))
            .build();

    protected final RedisClient redisClient = Objects.requireNonNull(redis, "redis");

    protected final JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();

    protected PageContext() {}

    /** Runs the block, which may answer something; does nothing if it declares something. */
    public @Nullable Object run() throws Exception {
        return null;
    }

    /** So that a block may end with a return, or not. */
    protected boolean isRun() {
        return true;
    }

    /** A host's own rows. */
    protected interface Passwords {
        void change(Connection connection, String user, String hash);
    }

    /** A host's own register of clients. */
    protected static final class Registry {
        Registry() {}

        public Optional<ClientSecret> secret(String clientId) {
            assertThat(clientId).isNotEmpty();
            return Optional.empty();
        }

        public Optional<RegisteredClient> publicClient(String clientId) {
            assertThat(clientId).isNotEmpty();
            return Optional.empty();
        }
    }

    /** A framework's filters. */
    protected interface Chain {
        void doFilter(Object request, Object response);
    }

    /** What a host keeps for a token. */
    protected record Kept(VerifiedToken token) {}

    /** A framework's connection that stays open. */
    protected interface Socket {
        void close(int code, String reason);
    }

    /** A framework's response. */
    protected static final class Answer {
        Answer() {}

        public Answer status(int status) {
            assertThat(status).isEqualTo(200);
            return this;
        }

        public void body(List<?> problems) {
            assertThat(problems).isEmpty();
        }
    }

    protected static void tell(WatchNews news) {
        assertThat(news.isLast()).isTrue();
    }

    protected static void serve() {}

    protected static void checkPassword(String name) {
        assertThat(name).isEqualTo("alice");
    }

    protected static void checkPassword(SubjectId name, String given) {
        assertThat(given).isEqualTo("correct horse");
    }

    protected static void checkCode(String given) {
        assertThat(given).isEqualTo("123456");
    }

    protected static void write(EndpointResponse answer) {
        assertThat(answer.status()).as("nothing is refused on the pages").isEqualTo(200);
    }

    protected static void goOn(Optional<Caller> caller, RequestContext context) {
        assertThat(caller).isPresent();
    }

    protected String issueToken(Session begun) {
        return issue(begun, Instant.now().plusSeconds(900));
    }

    protected IssuedAccessToken issueToken(
            Session begun, Set<String> scopes, Optional<SenderKey> sender, Instant notAfter) {
        return new IssuedAccessToken(issue(begun, notAfter), Duration.ofMinutes(15));
    }

    private String issue(Session begun, Instant end) {
        Instant now = Instant.now();
        JWTClaimsSet content = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(begun.subject().value())
                .jwtID(UUID.randomUUID().toString())
                .claim("client_id", "web")
                .claim("sid", begun.handle().value())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(end))
                .build();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                content);
        try {
            jwt.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    private TokenPolicyBuilder policy(String issuer, Realm of) {
        return TokenPolicy.forIssuer(of, issuer)
                .keys(TokenKeys.ofSecret("shop-key", secret))
                .audience(AUDIENCE)
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(Duration.ofMinutes(15));
    }

    private SessionService service() {
        store.migrate();
        return SessionService.builder()
                .store(store)
                .encryption(keyRing)
                .lifetimes(SessionLifetimes.aal1())
                .refreshTokens(RefreshPolicy.withoutKey(RetryRule.siblings(TABS))
                        .withKey(RetryRule.sameAttempt().orSiblings(TABS)))
                .tokenPolicies(policy)
                .build();
    }

    private static byte[] random() {
        byte[] bytes = new byte[KeyRing.KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private Connection transaction() {
        try {
            Connection begun = dataSource.getConnection();
            begun.setAutoCommit(false);
            return begun;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private AuditAnchor anchor() {
        JdbcAuditSink trail = JdbcAuditSink.on(dataSource).chained(key).build();
        trail.migrate();
        return trail.anchor();
    }

    private static DataSource database() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return h2;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        sessions.close();
        store.close();
    }
}
