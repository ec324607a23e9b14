package dev.curfew.examples.provider;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this host answers by itself. */
final class Answers {
    private static final HeaderField NO_STORE = new HeaderField("Cache-Control", "no-store");

    private Answers() {}

    static EndpointResponse json(int status, Map<String, Object> members, HeaderField... more) {
        return answer(status, "application/json", JSONObjectUtils.toJSONString(members), more);
    }

    /** RFC 6749 section 5.2. */
    static EndpointResponse error(int status, String error, String description, HeaderField... more) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("error", error);
        members.put("error_description", description);
        return json(status, members, more);
    }

    /** A page without scripts, which no other page may frame. */
    static EndpointResponse page(int status, String html, HeaderField... more) {
        List<HeaderField> headers = new ArrayList<>(List.of(more));
        headers.add(new HeaderField(
                "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"));
        // Else the address, in which a client's state is, goes to wherever the page leads. Not "no-referrer": browsers
        // then send forms with "Origin: null", and who is to tell ours from others?
        headers.add(new HeaderField("Referrer-Policy", "same-origin"));
        return answer(status, "text/html; charset=utf-8", html, headers.toArray(HeaderField[]::new));
    }

    /** Sends the browser on, with a GET whatever it has sent. */
    static EndpointResponse redirect(URI to, Map<String, String> parameters, HeaderField... more) {
        StringBuilder address = new StringBuilder(to.toString());
        char next = to.getRawQuery() == null ? '?' : '&';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            address.append(next).append(parameter.getKey()).append('=').append(encode(parameter.getValue()));
            next = '&';
        }
        List<HeaderField> headers = new ArrayList<>(List.of(more));
        headers.add(new HeaderField("Location", address.toString()));
        headers.add(NO_STORE);
        return EndpointResponse.of(303, headers, new byte[0]);
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static EndpointResponse answer(int status, String type, String body, HeaderField... more) {
        List<HeaderField> headers = new ArrayList<>(List.of(new HeaderField("Content-Type", type), NO_STORE));
        headers.addAll(List.of(more));
        return EndpointResponse.of(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
