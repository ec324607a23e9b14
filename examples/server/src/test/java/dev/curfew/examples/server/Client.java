package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** Somebody who talks to the server over the network, and knows nothing of what is inside. */
final class Client {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI server;

    Client(URI server) {
        this.server = server;
    }

    Signed login(String user, String password) {
        HttpResponse<String> answer = post(
                "/api/v1/auth/login",
                JSONObjectUtils.toJSONString(Map.of("username", user, "password", password)),
                "Content-Type",
                "application/json");
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, Object> json = json(answer);
        return new Signed((String) json.get("token"), (String) json.get("session"));
    }

    /** A sign-in, as its owner knows it. */
    record Signed(String token, String session) {}

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    HttpResponse<String> delete(String path, String... headers) {
        return send(request(path, headers).DELETE());
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send(request(path, headers).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path, Signed as) {
        return get(path, "Authorization", "Bearer " + as.token());
    }

    HttpResponse<String> delete(String path, Signed as) {
        return delete(path, "Authorization", "Bearer " + as.token());
    }

    HttpResponse<String> logout(Signed as, String language) {
        return post("/api/v1/auth/logout", "", "Authorization", "Bearer " + as.token(), "Accept-Language", language);
    }

    /** Begins to read an answer that goes on; its lines come as the server sends them. */
    HttpResponse<Stream<String>> open(String path, String... headers) {
        try {
            return http.send(request(path, headers).GET().build(), BodyHandlers.ofLines());
        } catch (IOException e) {
            throw new AssertionError("the server did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("the server did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static Map<String, Object> json(HttpResponse<String> answer) {
        try {
            return JSONObjectUtils.parse(answer.body());
        } catch (ParseException e) {
            throw new AssertionError("the body is not a JSON object", e);
        }
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(30));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }
}
