package dev.curfew.examples.orders;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody with a browser that keeps cookies and follows redirects. Confined to one thread. */
final class Person {
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient browser = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final URI provider;

    Person(URI provider) {
        this.provider = provider;
    }

    /** Clicks "Sign in" at a node, fills the provider's form, and comes back. */
    HttpResponse<String> signIn(URI node, String user) throws Exception {
        HttpResponse<String> form = get(node.resolve("/oauth2/authorization/sso"));
        return form.body().contains("name=\"password\"") ? submit(form, user) : form;
    }

    private HttpResponse<String> submit(HttpResponse<String> form, String user) throws Exception {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher matcher = HIDDEN.matcher(form.body());
        while (matcher.find()) {
            fields.put(matcher.group(1), matcher.group(2));
        }
        fields.put("username", user);
        fields.put("password", user + "'s password");
        return post(provider.resolve("/login"), fields);
    }

    /** Clicks "Sign out everywhere" at the provider. */
    HttpResponse<String> signOut() throws Exception {
        return post(provider.resolve("/logout"), Map.of());
    }

    int orders(URI node) throws Exception {
        return get(node.resolve("/orders")).statusCode();
    }

    /** The session at the application, as it may have been stolen. */
    String session() {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("orders-session"))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElseThrow();
    }

    /** What somebody is answered who has only that. */
    static int ordersWith(String session, URI node) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(node.resolve("/orders"))
                .header("Cookie", "orders-session=" + session)
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(address).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(URI address, Map<String, String> fields) throws IOException, InterruptedException {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return browser.send(
                HttpRequest.newBuilder(address)
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Origin", address.getScheme() + "://" + address.getAuthority())
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
