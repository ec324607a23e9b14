package dev.curfew.spring;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.SessionService;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A real application on a free port, with a client. */
final class Host implements AutoCloseable {
    static final String SECRET_TEXT = "3q2+796tvu/erb7v3q2+7xJDVnj/ABEiM0RVZneImao=";
    static final Realm REALM = Realm.of("shop");

    private final HttpClient client = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext context;
    private final URI base;

    private Host(ConfigurableApplicationContext context) {
        this.context = context;
        this.base = URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port")
                + context.getEnvironment().getProperty("server.servlet.context-path", ""));
    }

    static Map<String, Object> jwt() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("curfew.realm", "shop");
        properties.put("curfew.issuer", "https://shop.example.com");
        properties.put("curfew.secret", SECRET_TEXT);
        properties.put("curfew.audience", "shop-api");
        properties.put("curfew.http.open", "/hello,POST /login,/assets/**");
        return properties;
    }

    static Host start(Map<String, Object> properties, Class<?>... sources) {
        SpringApplication application = new SpringApplication(sources);
        Map<String, Object> all = new HashMap<>(properties);
        // The properties of an application may be on the class path, too; they are not these tests'.
        all.putIfAbsent("spring.config.name", "host-of-the-tests");
        all.putIfAbsent("server.port", "0");
        all.putIfAbsent("curfew.store.type", "memory");
        all.putIfAbsent("spring.main.banner-mode", "off");
        all.putIfAbsent("logging.level.root", "error");
        all.putIfAbsent("logging.level.dev.curfew", "warn");
        all.putIfAbsent("logging.level.dev.curfew.audit", "error");
        // The stack trace of a host that fails on purpose.
        all.putIfAbsent("logging.level.org.apache.catalina.core", "off");
        // As arguments, which win over any file.
        return new Host(application.run(all.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new)));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    Session login(String subject) {
        return bean(SessionService.class)
                .beginLogin(new SubjectId(REALM, subject))
                .complete(DeviceInfo.of("a test"))
                .orElseThrow();
    }

    String token(Session session) {
        return token(session, Instant.now(), Instant.now().plusSeconds(600), Map.of());
    }

    static String token(Session session, Instant from, Instant until, Map<String, Object> more) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer("https://shop.example.com")
                .audience("shop-api")
                .claim("client_id", "shop-web")
                .subject(session.subject().value())
                .claim("sid", session.handle().value())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(from))
                .expirationTime(Date.from(until));
        more.forEach(claims::claim);
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                claims.build());
        try {
            token.sign(new MACSigner(Base64.getDecoder().decode(SECRET_TEXT)));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    HttpResponse<String> get(String path, String... headers) {
        return call("GET", path, "", headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return call("POST", path, body, headers);
    }

    /** On the port of the actuator's own. */
    HttpResponse<String> manage(String path, String... headers) {
        String port = context.getEnvironment().getProperty("local.management.port");
        return call(URI.create("http://localhost:" + port + path), "GET", "", headers);
    }

    HttpResponse<String> call(String method, String path, String body, String... headers) {
        return call(URI.create(base + path), method, body, headers);
    }

    private HttpResponse<String> call(URI target, String method, String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    @Override
    public void close() {
        context.close();
    }
}
