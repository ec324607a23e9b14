package dev.curfew.examples.server;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.http.EndpointRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The JSON object that a request brought. Immutable. */
final class JsonBody {
    private final Map<String, Object> members;

    private JsonBody(Map<String, Object> members) {
        this.members = members;
    }

    static JsonBody of(EndpointRequest request) {
        byte[] body = request.body();
        if (body.length > Exchanges.MAX_BODY_BYTES) {
            throw new Refusal(413, Text.TOO_LARGE);
        }
        if (!isJson(request.headers("Content-Type"))) {
            throw new Refusal(415, Text.WRONG_TYPE);
        }
        try {
            // Strict: a broken sequence of bytes is an error, not a question mark. The parser bounds the depth.
            CharSequence text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            // The parser answers null for the text "null", which is JSON, but no object.
            return Optional.ofNullable(JSONObjectUtils.parse(text.toString()))
                    .map(JsonBody::new)
                    .orElseThrow(() -> new Refusal(400, Text.NOT_JSON));
        } catch (CharacterCodingException | ParseException e) {
            throw new Refusal(400, Text.NOT_JSON);
        }
    }

    String text(String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new Refusal(400, Text.NOT_JSON);
    }

    /** The text of that name, or another one if there is none. */
    String text(String name, String otherwise) {
        return members.containsKey(name) ? text(name) : otherwise;
    }

    /** Whether the member of that name is true; false if there is none. */
    boolean flag(String name) {
        if (!members.containsKey(name)) {
            return false;
        }
        if (members.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw new Refusal(400, Text.NOT_JSON);
    }

    private static boolean isJson(List<String> contentTypes) {
        return contentTypes.size() == 1
                && contentTypes
                        .get(0)
                        .split(";", 2)[0]
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals("application/json");
    }
}
