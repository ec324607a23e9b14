package dev.curfew.client;

import dev.curfew.http.EndpointRequest;
import dev.curfew.http.FormParameters;
import dev.curfew.http.UnreadableFormException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request brings for its caller, whatever an endpoint accepts of it: RFC 6749 §2.3 allows one method. Immutable.
 *
 * @param method by which the caller authenticates, or null if none is used
 * @param isAmbiguous whether there are two, or one comes twice
 * @param authorization what stands behind the scheme of the {@code Authorization} header; empty without one
 * @param form the parameters of the body, or null if it is no form
 */
record CallerCredentials(
        @Nullable Method method,
        boolean isAmbiguous,
        String authorization,
        @Nullable FormParameters form) {
    private static final CallerCredentials AMBIGUOUS = new CallerCredentials(null, true, "", null);

    /** A way to authenticate. */
    enum Method {
        BASIC,
        BEARER,
        /** A scheme of the header that is neither. */
        OTHER_SCHEME,
        POST,
        ASSERTION;

        /** As RFC 8414 names it; none where only who reads the header can tell. */
        Set<String> names() {
            return switch (this) {
                case BASIC -> Set.of("client_secret_basic");
                case POST -> Set.of("client_secret_post");
                case ASSERTION -> Set.of("private_key_jwt", "client_secret_jwt");
                case BEARER, OTHER_SCHEME -> Set.of();
            };
        }
    }

    static CallerCredentials of(EndpointRequest request) {
        List<String> headers = request.headers("Authorization");
        if (headers.size() > 1) {
            return AMBIGUOUS;
        }
        FormParameters form = form(request);
        try {
            Set<Method> methods = form == null ? EnumSet.noneOf(Method.class) : ofForm(form);
            String rest = "";
            if (!headers.isEmpty()) {
                String header = headers.get(0);
                int space = header.indexOf(' ');
                methods.add(ofScheme(space < 0 ? header : header.substring(0, space)));
                rest = space < 0 ? "" : header.substring(space + 1).strip();
            }
            return methods.size() > 1
                    ? AMBIGUOUS
                    : new CallerCredentials(methods.stream().findFirst().orElse(null), false, rest, form);
        } catch (UnreadableFormException e) {
            return AMBIGUOUS;
        }
    }

    /** The value of a parameter of the form, or null. */
    @Nullable
    String parameter(String name) {
        try {
            return form == null ? null : form.find(name).orElse(null);
        } catch (UnreadableFormException e) {
            throw new IllegalStateException("a parameter that came twice was found before", e);
        }
    }

    /** Whether the form names another client than the one that the credentials are of. */
    boolean namesOther(String clientId) {
        String named = parameter("client_id");
        return named != null && !named.equals(clientId);
    }

    /** Whether they are of another method than those by which somebody was known, as far as these have said names. */
    boolean isBeside(List<String> methods) {
        return method != null
                && !method.names().isEmpty()
                && !methods.isEmpty()
                && methods.stream().noneMatch(method.names()::contains);
    }

    private static @Nullable FormParameters form(EndpointRequest request) {
        try {
            return request.form();
        } catch (UnreadableFormException e) {
            // No form: whether there has to be one is the endpoint's question.
            return null;
        }
    }

    private static Set<Method> ofForm(FormParameters form) throws UnreadableFormException {
        Set<Method> methods = EnumSet.noneOf(Method.class);
        // Asked for here, so that one that comes twice is found for everybody.
        form.find("client_id");
        if (form.find("client_secret").isPresent()) {
            methods.add(Method.POST);
        }
        boolean isTyped = form.find("client_assertion_type").isPresent();
        if (form.find("client_assertion").isPresent() || isTyped) {
            methods.add(Method.ASSERTION);
        }
        return methods;
    }

    private static Method ofScheme(String scheme) {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "basic" -> Method.BASIC;
            case "bearer" -> Method.BEARER;
            default -> Method.OTHER_SCHEME;
        };
    }

    /** Nothing of what came. */
    @Override
    public String toString() {
        return "CallerCredentials[" + method + "]";
    }
}
