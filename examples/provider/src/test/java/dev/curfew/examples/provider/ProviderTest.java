package dev.curfew.examples.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpServer;
import dev.curfew.session.Realm;
import dev.curfew.token.EventToken;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.TokenKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a relying party and a browser meet at the provider. */
class ProviderTest {
    private static final String SECRET = "bf0e23c56c4c7064413e0bc0e349744eac2bb07bf19c8d55825bb42d2189ad4d";
    private static final String OTHER_SECRET = "5fc2ac82bb6915b25fc3ad0bc2e07d37fb0fe55ed158018174065e63b0605332";
    private static final URI BACK = URI.create("https://orders.example.com/back");

    /** The pair of RFC 7636, appendix B. */
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static final Pattern CODE = Pattern.compile("code=([^&]+)");
    private static final Map<String, String> ALICE = Map.of("username", "alice", "password", "alice's password");

    private static final Queue<String> TOLD = new ConcurrentLinkedQueue<>();

    private static HttpServer orders;
    private static Provider provider;
    private static URI issuer;

    @BeforeAll
    static void start() throws IOException {
        orders = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        orders.createContext("/logout", exchange -> {
            TOLD.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        orders.start();
        URI logout = URI.create("http://localhost:" + orders.getAddress().getPort() + "/logout");
        provider = Provider.start(new ProviderSettings(
                0,
                Map.of("alice", "alice's password", "bob", "bob's password"),
                List.of(
                        new RelyingParty("orders-web", SECRET, Set.of(BACK), Optional.of(logout)),
                        new RelyingParty("billing", OTHER_SECRET, Set.of(BACK), Optional.empty()))));
        issuer = provider.issuer();
    }

    @AfterAll
    static void stop() {
        if (provider != null) {
            provider.close();
        }
        orders.stop(0);
    }

    private static Map<String, String> request() {
        Map<String, String> request = new LinkedHashMap<>();
        request.put("response_type", "code");
        request.put("client_id", "orders-web");
        request.put("redirect_uri", BACK.toString());
        request.put("scope", "openid");
        request.put("state", "a \"state\" <&>");
        request.put("nonce", "n-1");
        request.put("code_challenge", CHALLENGE);
        request.put("code_challenge_method", "S256");
        return request;
    }

    private static URI at(String path) {
        return URI.create(issuer + path);
    }

    private static HttpResponse<String> authorize(Browser browser, Map<String, String> request) throws Exception {
        return browser.get(at("/authorize?" + Browser.encoded(request)));
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static String code(HttpResponse<String> answer) {
        Matcher matcher = CODE.matcher(location(answer));
        assertThat(matcher.find()).as(location(answer)).isTrue();
        return matcher.group(1);
    }

    /** Signs in by the form. */
    private static String signIn(Browser browser, Map<String, String> request) throws Exception {
        return code(browser.submit(at("/login"), authorize(browser, request).body(), ALICE));
    }

    private static HttpResponse<String> token(Map<String, String> fields, String... basic) throws Exception {
        return new Browser().post(at("/token"), fields, basic);
    }

    private static Map<String, String> exchange(String code) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "authorization_code");
        fields.put("code", code);
        fields.put("redirect_uri", BACK.toString());
        fields.put("code_verifier", VERIFIER);
        return fields;
    }

    private static String[] basic(String client, String secret) {
        String pair = client + ":" + secret;
        return new String[] {
            "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII))
        };
    }

    private static String[] orders() {
        return basic("orders-web", SECRET);
    }

    private static Map<String, Object> json(HttpResponse<String> answer) throws ParseException {
        return JSONObjectUtils.parse(answer.body());
    }

    private static Map<String, Object> tokens(String code) throws Exception {
        HttpResponse<String> answer = token(exchange(code), orders());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static Map<String, Object> claims(Object token) throws ParseException {
        String payload = token.toString().split("\\.", -1)[1];
        return JSONObjectUtils.parse(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> signOut(Browser browser) throws Exception {
        return browser.post(at("/logout"), Map.of(), "Origin", issuer.toString());
    }

    private static Object isActive(Object token) throws Exception {
        HttpResponse<String> answer =
                new Browser().post(at("/introspect"), Map.of("token", token.toString()), orders());
        return json(answer).get("active");
    }

    @Test
    void a_login_leads_to_tokens_that_name_the_sign_on() throws Exception {
        Browser browser = new Browser();
        HttpResponse<String> back =
                browser.submit(at("/login"), authorize(browser, request()).body(), ALICE);
        assertThat(location(back))
                .startsWith(BACK + "?code=")
                .contains(
                        "&state=a+%22state%22+%3C%26%3E",
                        "&iss=" + Browser.encoded(Map.of("", issuer.toString())).substring(1));

        Map<String, Object> tokens = tokens(code(back));

        Map<String, Object> id = claims(tokens.get("id_token"));
        assertThat(id).containsEntry("iss", issuer.toString()).containsEntry("sub", "alice");
        assertThat(id).containsEntry("aud", "orders-web").containsEntry("nonce", "n-1");
        assertThat(id).containsKeys("sid", "auth_time", "iat", "exp");
        assertThat(claims(tokens.get("access_token"))).containsEntry("sid", id.get("sid"));
        assertThat(tokens).doesNotContainKey("refresh_token");
        assertThat(isActive(tokens.get("access_token"))).isEqualTo(true);
    }

    @Test
    void who_is_signed_in_is_not_asked_again_unless_a_proof_is_demanded() throws Exception {
        Browser browser = new Browser();
        Object sid = claims(tokens(signIn(browser, request())).get("id_token")).get("sid");

        Map<String, Object> again =
                claims(tokens(code(authorize(browser, request()))).get("id_token"));
        assertThat(again).containsEntry("sid", sid);

        Map<String, String> proof = request();
        proof.put("prompt", "login consent");
        assertThat(authorize(browser, proof).body()).contains("name=\"password\"");
        Map<String, String> silent = request();
        silent.put("prompt", "none");
        assertThat(location(authorize(browser, silent))).contains("code=");
        assertThat(location(authorize(new Browser(), silent))).contains("error=login_required");
    }

    @Test
    void a_code_is_good_once_for_its_own_client_and_the_secret_of_its_challenge() throws Exception {
        String code = signIn(new Browser(), request());
        Map<String, String> fields = exchange(code);
        assertThat(token(fields, orders()).statusCode()).isEqualTo(200);
        assertThat(token(fields, orders()).body()).contains("invalid_grant");

        assertThat(token(exchange(signIn(new Browser(), request())), basic("billing", OTHER_SECRET))
                        .body())
                .contains("invalid_grant");
        Map<String, String> wrongVerifier = exchange(signIn(new Browser(), request()));
        wrongVerifier.put("code_verifier", CHALLENGE);
        assertThat(token(wrongVerifier, orders()).body()).contains("invalid_grant");
        Map<String, String> noVerifier = exchange(signIn(new Browser(), request()));
        noVerifier.remove("code_verifier");
        assertThat(token(noVerifier, orders()).body()).contains("invalid_grant");
        Map<String, String> elsewhere = exchange(signIn(new Browser(), request()));
        elsewhere.put("redirect_uri", "https://evil.example.com/back");
        assertThat(token(elsewhere, orders()).body()).contains("invalid_grant");

        HttpResponse<String> nobody = token(exchange("x"), basic("orders-web", OTHER_SECRET));
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("WWW-Authenticate")).isPresent();
    }

    @Test
    void a_logout_is_told_to_who_takes_part_and_ends_the_tokens() throws Exception {
        Browser browser = new Browser();
        Map<String, Object> tokens = tokens(signIn(browser, request()));
        String late = code(authorize(browser, request()));
        TOLD.clear();

        HttpResponse<String> out = signOut(browser);

        assertThat(out.statusCode()).as(out.body()).isEqualTo(200);
        assertThat(TOLD).hasSize(1);
        EventTokenVerifier verifier = EventTokenVerifier.of(
                EventTokenPolicy.of(EventTokenPolicy.Profile.LOGOUT, Realm.of("sso"), issuer.toString())
                        .keys(TokenKeys.remote(at("/jwks")))
                        .audience("orders-web")
                        .strict()
                        .build());
        EventToken told = verifier.verify(TOLD.peek().substring("logout_token=".length()));
        Map<String, Object> id = claims(tokens.get("id_token"));
        assertThat(told.sessionId()).contains(id.get("sid").toString());
        assertThat(told.subject()).contains("alice");
        assertThat(isActive(tokens.get("access_token"))).isEqualTo(false);
        assertThat(token(exchange(late), orders()).body())
                .as("a login that was under way")
                .contains("invalid_grant");
        assertThat(authorize(browser, request()).body()).contains("name=\"password\"");
        assertThat(signOut(browser).statusCode()).as("again").isLessThan(500);
        assertThat(TOLD).hasSize(1);
    }

    @Test
    void somebody_else_at_the_same_browser_ends_the_sign_on_before() throws Exception {
        Browser browser = new Browser();
        Map<String, Object> tokens = tokens(signIn(browser, request()));
        TOLD.clear();
        Map<String, String> proof = request();
        proof.put("prompt", "login");
        HttpResponse<String> back = browser.submit(
                at("/login"),
                authorize(browser, proof).body(),
                Map.of("username", "bob", "password", "bob's password"));

        assertThat(claims(tokens(code(back)).get("id_token"))).containsEntry("sub", "bob");
        assertThat(TOLD).hasSize(1);
        assertThat(isActive(tokens.get("access_token"))).isEqualTo(false);
    }

    @Test
    void a_refresh_token_lives_on_behind_a_logout_and_until_it_is_given_back() throws Exception {
        Map<String, String> offline = request();
        offline.put("scope", "openid offline_access");
        Browser browser = new Browser();
        Object first = tokens(signIn(browser, offline)).get("refresh_token");
        assertThat(signOut(browser).statusCode()).isEqualTo(200);

        HttpResponse<String> refreshed =
                token(Map.of("grant_type", "refresh_token", "refresh_token", first.toString()), orders());
        assertThat(refreshed.statusCode()).as(refreshed.body()).isEqualTo(200);
        Object access = json(refreshed).get("access_token");
        Object next = json(refreshed).get("refresh_token");
        assertThat(isActive(access)).isEqualTo(true);

        assertThat(new Browser()
                        .post(at("/revoke"), Map.of("token", next.toString()), orders())
                        .statusCode())
                .isEqualTo(200);
        assertThat(isActive(access)).isEqualTo(false);
        assertThat(token(Map.of("grant_type", "refresh_token", "refresh_token", next.toString()), orders())
                        .body())
                .contains("invalid_grant");
    }

    @Test
    void a_form_of_another_site_signs_nobody_in_and_out() throws Exception {
        Browser browser = new Browser();
        String page = authorize(browser, request()).body();
        assertThat(browser.submit(at("/login"), page, ALICE, "Origin", "https://evil.example.com")
                        .statusCode())
                .isEqualTo(400);
        assertThat(browser.submit(at("/login"), page, ALICE, "Accept", "text/html")
                        .statusCode())
                .as("from nobody knows where")
                .isEqualTo(400);

        Map<String, Object> tokens = tokens(signIn(browser, request()));
        HttpResponse<String> forced = browser.post(at("/logout"), Map.of(), "Origin", "https://evil.example.com");
        assertThat(forced.statusCode()).isEqualTo(403);
        assertThat(browser.get(at("/logout")).statusCode()).isEqualTo(405);
        assertThat(isActive(tokens.get("access_token"))).isEqualTo(true);
    }

    @ParameterizedTest
    @CsvSource({
        "client_id, nobody",
        "redirect_uri, https://orders.example.com/back?x",
        "redirect_uri, https://evil.example.com/back",
        "redirect_uri, javascript:alert(1)",
    })
    void nobody_is_sent_to_where_nobody_is_registered(String name, String value) throws Exception {
        Map<String, String> request = request();
        request.put(name, value);
        HttpResponse<String> answer = authorize(new Browser(), request);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Location")).isEmpty();
        assertThat(answer.body()).doesNotContain(value);
    }

    @ParameterizedTest
    @CsvSource({
        "response_type, token, unsupported_response_type",
        "scope, profile, invalid_scope",
        "code_challenge_method, plain, invalid_request",
        "code_challenge, short, invalid_request",
        "max_age, never, invalid_request",
        "prompt, none login, invalid_request",
    })
    void a_request_that_is_wrong_is_told_to_who_sent_it(String name, String value, String error) throws Exception {
        Map<String, String> request = request();
        request.put(name, value);
        assertThat(location(authorize(new Browser(), request))).startsWith(BACK + "?error=" + error + "&state=");
    }

    @Test
    void a_wrong_password_shows_the_form_again_and_what_came_stays_text() throws Exception {
        Browser browser = new Browser();
        String page = authorize(browser, request()).body();
        assertThat(page).contains("a &quot;state&quot; &lt;&amp;&gt;");
        for (String name : List.of("alice", "nobody", "x".repeat(10_000))) {
            HttpResponse<String> again =
                    browser.submit(at("/login"), page, Map.of("username", name, "password", "wrong"));
            assertThat(again.statusCode()).isEqualTo(401);
            assertThat(again.body()).contains("The user or the password is wrong.", "name=\"password\"");
        }
    }

    @Test
    void rubbish_is_refused_with_a_sentence() throws Exception {
        Browser browser = new Browser();
        assertThat(browser.get(at("/authorize?client_id=%ff")).statusCode()).isEqualTo(400);
        assertThat(browser.get(at("/authorize?client_id=a&client_id=b")).statusCode())
                .isEqualTo(400);
        assertThat(browser.get(at("/authorize?state=" + "x".repeat(600))).statusCode())
                .isEqualTo(400);
        assertThat(browser.get(at("/nothing")).statusCode()).isEqualTo(404);
        assertThat(browser.post(at("/login"), Map.of()).statusCode()).isEqualTo(400);
        assertThat(browser.post(at("/token"), Map.of("code", "x".repeat(70_000)), orders())
                        .statusCode())
                .isEqualTo(400);
        assertThat(token(Map.of("grant_type", "password"), orders()).body()).contains("unsupported_grant_type");
        HttpResponse<String> tooLong = token(Map.of("code", "x".repeat(70_000)), orders());
        assertThat(tooLong.body()).contains("\"error\":\"invalid_request\"");
    }

    @Test
    void the_discovery_document_names_what_is_there() throws Exception {
        Map<String, Object> document = json(new Browser().get(at("/.well-known/openid-configuration")));
        assertThat(document)
                .containsEntry("issuer", issuer.toString())
                .containsEntry("backchannel_logout_supported", true)
                .containsEntry("backchannel_logout_session_supported", true)
                .containsEntry("jwks_uri", issuer + "/jwks")
                .containsEntry(
                        "token_endpoint_auth_methods_supported", List.of("client_secret_basic", "client_secret_post"));
        assertThat(new Browser().get(at("/jwks")).body())
                .contains("\"kty\":\"RSA\"")
                .doesNotContain("\"d\":");
    }

    @Test
    void settings_that_are_wrong_are_named() {
        assertThatThrownBy(() -> ProviderSettings.from(Map.of("CLIENT_SECRET", "short")))
                .hasMessageContaining("CLIENT_SECRET has 5 characters")
                .hasMessageNotContaining("short");
        Map<String, String> good = Map.of("CLIENT_SECRET", SECRET);
        assertThat(ProviderSettings.from(good).port()).isEqualTo(9090);
        for (Map.Entry<String, String> wrong : Map.of(
                        "PORT", "70000", "REDIRECT_URIS", "back", "LOGOUT_URI", "::", "PASSWORDS", "alice")
                .entrySet()) {
            Map<String, String> settings = new LinkedHashMap<>(good);
            settings.put(wrong.getKey(), wrong.getValue());
            assertThatThrownBy(() -> ProviderSettings.from(settings)).hasMessageContaining(wrong.getKey());
        }
    }
}
