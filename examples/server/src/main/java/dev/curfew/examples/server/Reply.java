package dev.curfew.examples.server;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the server answers. Immutable. */
final class Reply {
    private final int status;
    private final List<HeaderField> headers;
    private final byte[] body;

    Reply(int status, List<HeaderField> headers, byte[] body) {
        this.status = status;
        this.headers = List.copyOf(headers);
        this.body = body.clone();
    }

    static Reply of(EndpointResponse response) {
        return new Reply(response.status(), response.headers(), response.body());
    }

    static Reply json(int status, Map<String, Object> members) {
        List<HeaderField> headers = List.of(
                new HeaderField("Content-Type", "application/json; charset=utf-8"),
                new HeaderField("Cache-Control", "no-store"));
        return new Reply(status, headers, JSONObjectUtils.toJSONString(members).getBytes(StandardCharsets.UTF_8));
    }

    Reply with(String header, String value) {
        List<HeaderField> more = new ArrayList<>(headers);
        more.add(new HeaderField(header, value));
        return new Reply(status, more, body);
    }

    Reply with(List<HeaderField> fields) {
        List<HeaderField> more = new ArrayList<>(headers);
        more.addAll(fields);
        return new Reply(status, more, body);
    }

    int status() {
        return status;
    }

    List<HeaderField> headers() {
        return headers;
    }

    byte[] body() {
        return body.clone();
    }
}
