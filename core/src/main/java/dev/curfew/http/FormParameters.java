package dev.curfew.http;

import dev.curfew.http.UnreadableFormException.Flaw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a form in a request's body ({@code application/x-www-form-urlencoded}), as RFC 6749 reads it:
 * strict UTF-8; a parameter without a value is as if it were not there (§3.2). Immutable.
 *
 * <p>Which parameters may come more than once is the reader's question: {@link #find} refuses those that did,
 * {@link #all} answers them.
 */
public final class FormParameters {
    /** The longest body that is read, in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final String MEDIA_TYPE = "application/x-www-form-urlencoded";

    private final Map<String, List<String>> values;

    private FormParameters(Map<String, List<String>> values) {
        this.values = values;
    }

    static FormParameters read(EndpointRequest request) throws UnreadableFormException {
        if (request.bodyLength() > MAX_BYTES) {
            throw new UnreadableFormException(Flaw.TOO_LARGE, "the form is longer than " + MAX_BYTES + " bytes");
        }
        if (!request.hasMediaType(MEDIA_TYPE)) {
            throw new UnreadableFormException(Flaw.MEDIA_TYPE, "the body is not said to be " + MEDIA_TYPE);
        }
        // A byte above ASCII is no visible character of that charset either, and is refused where it is decoded.
        String text = new String(request.body(), StandardCharsets.ISO_8859_1);
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int at = 0; at < text.length(); ) {
            int ampersand = text.indexOf('&', at);
            int end = ampersand < 0 ? text.length() : ampersand;
            int equals = text.indexOf('=', at);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (end > at) {
                values.computeIfAbsent(part(text, at, nameEnd), none -> new ArrayList<>(1))
                        .add(part(text, Math.min(nameEnd + 1, end), end));
            }
            at = end + 1;
        }
        return new FormParameters(values);
    }

    /**
     * Decodes one text that is encoded as the names and values of forms are: percent escapes of UTF-8, and a plus sign
     * for a space.
     *
     * @param encoded the text
     * @return what it means; nothing if an escape is broken, the bytes are not UTF-8, or a character is not visible
     *     ASCII
     */
    public static Optional<String> decode(String encoded) {
        return PercentEncoding.decodeForm(encoded);
    }

    /**
     * The value of a parameter that may come once.
     *
     * @param name case-sensitive
     * @return the value; nothing if it did not come, or is empty
     * @throws UnreadableFormException if it came more than once, be it without a value
     */
    public Optional<String> find(String name) throws UnreadableFormException {
        List<String> found = values.getOrDefault(name, List.of());
        if (found.size() > 1) {
            throw new UnreadableFormException(Flaw.REPEATED, "a parameter came more than once");
        }
        return found.stream().filter(value -> !value.isEmpty()).findFirst();
    }

    /**
     * The values of a parameter that may come several times.
     *
     * @param name case-sensitive
     * @return one for each time that it came with a value
     */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /**
     * Which parameters came more than once, be it without a value: RFC 6749 §3.2 lets none but the few that another
     * standard names.
     *
     * @return their names, in the order in which they came first
     */
    public Set<String> repeated() {
        Set<String> names = new LinkedHashSet<>();
        values.forEach((name, found) -> {
            if (found.size() > 1) {
                names.add(name);
            }
        });
        return names;
    }

    /** The number of names alone. */
    @Override
    public String toString() {
        return "FormParameters[" + values.size() + "]";
    }

    private static String part(String text, int from, int to) throws UnreadableFormException {
        return decode(text.substring(from, to))
                .orElseThrow(() -> new UnreadableFormException(
                        Flaw.MALFORMED, "a name or a value is not encoded as forms are, or not in UTF-8"));
    }
}
