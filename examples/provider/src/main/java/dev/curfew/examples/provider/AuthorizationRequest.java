package dev.curfew.examples.provider;

import dev.curfew.http.UnreadableFormException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a relying party asks for when it sends somebody here (OpenID Connect Core section 3.1.2.1, with PKCE, RFC 7636).
 * Immutable.
 *
 * <p>Who asks and where the answer goes is read first: while either is unknown, nobody is sent anywhere.
 */
final class AuthorizationRequest {
    private static final List<String> NAMES = List.of(
            "client_id",
            "redirect_uri",
            "response_type",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "prompt",
            "max_age");

    /** SHA-256 in base64url. */
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private static final int LONGEST = 512;

    private final RelyingParty party;
    private final URI redirect;
    private final Map<String, String> values;

    private AuthorizationRequest(RelyingParty party, URI redirect, Map<String, String> values) {
        this.party = party;
        this.redirect = redirect;
        this.values = values;
    }

    /**
     * Reads a request.
     *
     * @throws Refusal if nobody can be told of it but the person at the browser
     */
    static AuthorizationRequest read(Parameters parameters, RelyingParties parties) throws UnreadableFormException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : NAMES) {
            Optional<String> value = parameters.find(name);
            if (value.filter(text -> text.length() > LONGEST).isPresent()) {
                throw new Refusal("the parameter " + name + " is longer than " + LONGEST + " characters");
            }
            value.ifPresent(text -> values.put(name, text));
        }
        RelyingParty party = parties.find(values.getOrDefault("client_id", ""))
                .orElseThrow(() -> new Refusal("the parameter client_id names no application that is registered here"));
        URI redirect = party.redirects().stream()
                .filter(registered -> registered.toString().equals(values.get("redirect_uri")))
                .findFirst()
                .orElseThrow(() -> new Refusal("the parameter redirect_uri is none that is registered for the"
                        + " application, letter by letter"));
        return new AuthorizationRequest(party, redirect, values);
    }

    /** What is wrong, as a code of RFC 6749 section 4.1.2.1 that the relying party is told. */
    Optional<String> fault() {
        if (!value("response_type").equals("code")) {
            return Optional.of("unsupported_response_type");
        }
        if (!scopes().contains("openid")) {
            return Optional.of("invalid_scope");
        }
        boolean isProven = value("code_challenge_method").equals("S256")
                && CHALLENGE.matcher(value("code_challenge")).matches();
        boolean hasAge = values.containsKey("max_age");
        boolean isClear = !isSilent() || prompts().size() == 1;
        return isProven && isClear && (!hasAge || maxAge().isPresent())
                ? Optional.empty()
                : Optional.of("invalid_request");
    }

    RelyingParty party() {
        return party;
    }

    URI redirect() {
        return redirect;
    }

    Set<String> scopes() {
        // A name that comes twice is one.
        return new TreeSet<>(List.of(value("scope").split(" +")));
    }

    Optional<String> nonce() {
        return Optional.ofNullable(values.get("nonce"));
    }

    String challenge() {
        return value("code_challenge");
    }

    /** Whether the person is to prove who they are once more. */
    boolean demandsProof(Instant provenAt, Instant now) {
        return prompts().contains("login")
                || maxAge().filter(age -> provenAt.plus(age).isBefore(now)).isPresent();
    }

    /** Whether nothing may be shown. */
    boolean isSilent() {
        return prompts().contains("none");
    }

    /** All that came, for the form that goes on with it. */
    Map<String, String> values() {
        return Map.copyOf(values);
    }

    /** With {@code iss}, so that a relying party of several providers knows whose answer it is (RFC 9207). */
    Map<String, String> answer(String name, String value, URI issuer) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(name, value);
        if (values.containsKey("state")) {
            parameters.put("state", value("state"));
        }
        parameters.put("iss", issuer.toString());
        return parameters;
    }

    private List<String> prompts() {
        return List.of(value("prompt").split(" +"));
    }

    private Optional<Duration> maxAge() {
        String text = value("max_age");
        return text.matches("[0-9]{1,9}") ? Optional.of(Duration.ofSeconds(Long.parseLong(text))) : Optional.empty();
    }

    private String value(String name) {
        return values.getOrDefault(name, "");
    }
}
