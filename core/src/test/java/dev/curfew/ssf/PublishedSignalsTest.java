package dev.curfew.ssf;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.contract.TestTokens;
import dev.curfew.contract.TestTokens.Draft;
import dev.curfew.event.SessionEvent.UpstreamSignalReceived;
import dev.curfew.revocation.RevocationTarget.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the example messages of CAEP 1.0, RISC 1.0, the Shared Signals Framework 1.0 and RFC 8417 end here, event by
 * event; names of issuers and audiences are put in place of the examples' own.
 */
class PublishedSignalsTest {
    private final SignalHost host = new SignalHost();

    @AfterEach
    void stop() {
        host.close();
    }

    /** What becomes of each, by title: what it ends, or why nothing. */
    private static final Map<String, String> OUTCOMES = Map.ofEntries(
            Map.entry("CAEP 1.0: Session Revoked - Required claims + Simple Subject", "FOREIGN_SESSION"),
            Map.entry(
                    "CAEP 1.0: Session Revoked - subject as `sub` claim (includes optional claims)", "FOREIGN_SESSION"),
            Map.entry(
                    "CAEP 1.0: Session Revoked - Complex Subject describing user + device + tenant (includes optional"
                            + " claims)",
                    "SUBJECT"),
            Map.entry("CAEP 1.0: OIDC ID Token Claims Change - Required claims only", "TOKEN"),
            Map.entry("CAEP 1.0: OIDC ID Token Claims Change - Optional claims", "TOKEN"),
            Map.entry("CAEP 1.0: SAML Assertion Claims Change - Required claims only", "OTHER_SUBJECT"),
            Map.entry(
                    "CAEP 1.0: Provisioning a new FIDO2 authenticator - Simple Subject + optional claims",
                    "OTHER_EVENT"),
            Map.entry("CAEP 1.0: Assurance Level Increase - Simple Subject + optional claims", "OTHER_EVENT"),
            Map.entry("CAEP 1.0: Custom Assurance Level - Simple Subject", "OTHER_EVENT"),
            Map.entry("CAEP 1.0: Device No Longer Compliant - Complex Subject + optional claims", "OTHER_EVENT"),
            Map.entry("SSF 1.0: SET with array 'aud' claim", "invalid_state"),
            Map.entry("SSF 1.0: SET Containing an SSF Event with a Simple Subject Member", "OTHER_EVENT"),
            Map.entry("SSF 1.0: SET Containing a RISC Event with a Phone Number Subject", "OTHER_SUBJECT"),
            Map.entry("SSF 1.0: SET Containing a CAEP Event with Properties", "OTHER_SUBJECT"),
            Map.entry("SSF 1.0: SET Containing an SSF Event with a Complex Subject Member", "SUBJECT"),
            Map.entry(
                    "SSF 1.0: SET Containing an SSF Event with a Simple Subject and a Property Member",
                    "OTHER_SUBJECT"),
            Map.entry(
                    "SSF 1.0: SET Containing an SSF Event with a Proprietary Subject Identifier Format",
                    "invalid_request"),
            Map.entry("SSF 1.0: Verification SET", "invalid_state"),
            Map.entry("SSF 1.0: Stream Updated SET", "STREAM_UPDATED"),
            Map.entry("RISC 1.0: account-credential-change-required", "SUBJECT"),
            Map.entry("RISC 1.0: account-disabled", "MALFORMED"),
            Map.entry("RISC 1.0: identifier-changed", "OTHER_EVENT"),
            Map.entry("RISC 1.0: identifier-recycled", "OTHER_EVENT"),
            Map.entry("RISC 1.0: credential-compromise", "SUBJECT"),
            Map.entry(
                    "RFC 8417 figure 1: two events, which its profile allows and the framework does not",
                    "invalid_request"),
            Map.entry(
                    "RFC 8417 figure 2: a logout token, which is no security event of the framework",
                    "invalid_request"),
            Map.entry("RFC 8417 figure 3: no subject", "invalid_request"),
            Map.entry("RFC 8417 figure 4: the subject inside the event", "SUBJECT"),
            Map.entry("Google Cross-Account Protection", "SUBJECT"),
            Map.entry("CAEP 1.0: session-established", "OTHER_EVENT"),
            Map.entry("CAEP 1.0: session-presented", "OTHER_EVENT"),
            Map.entry("CAEP 1.0: risk-level-change", "OTHER_EVENT"));

    @Test
    void each_published_event_ends_what_its_standard_says() throws IOException, ParseException {
        assertThat(examples()).extracting(example -> example[0]).containsExactlyInAnyOrderElementsOf(OUTCOMES.keySet());
        for (String[] example : examples()) {
            String expected = OUTCOMES.get(example[0]);
            if (expected.equals("MALFORMED")) {
                // Not JSON: it has a comma too much, so that nobody could sign it here.
                continue;
            }
            assertThat(outcome(example[1])).as(example[0]).isEqualTo(expected);
        }
    }

    private String outcome(String text) throws ParseException {
        Map<String, Object> claims = JSONObjectUtils.parse(text);
        boolean isOld = !claims.containsKey("sub_id");
        PushEndpoint endpoint = PushEndpoint.of(host.receiver(
                        builder -> builder,
                        upstream -> upstream,
                        isOld && text.contains("subject_type")
                                ? host.provider.eventPolicy().legacySubject()
                                : host.provider.eventPolicy()))
                .build();
        String own = text;
        if (claims.get("iss") instanceof String issuer) {
            own = own.replace('"' + issuer + '"', '"' + host.issuer() + '"');
        }
        // Of the user of one example the issuer is the tenant's.
        own = own.replace("https://idp.example.com/3957ea72-1b66-44d6-a044-d805712b9288/", host.issuer());
        Draft draft = host.event("x", Map.of()).without("sub_id");
        JSONObjectUtils.parse(own).forEach(draft::with);
        draft.with("aud", TestTokens.RELYING_PARTY);
        host.told.clear();
        host.events.clear();

        String answer = SignalHost.push(endpoint, draft.compact()).bodyText();

        if (!answer.isEmpty()) {
            return answer.replaceAll(".*\"err\":\"([a-z_]+)\".*", "$1");
        }
        List<UpstreamSignalReceived> ended = host.events(UpstreamSignalReceived.class);
        List<Kind> kinds = ended.stream().map(UpstreamSignalReceived::target).toList();
        return host.told.isEmpty()
                ? kinds.get(0).name()
                : host.told.get(0).why().name();
    }

    private static List<String[]> examples() throws IOException {
        try (InputStream in = PublishedSignalsTest.class.getResourceAsStream("/dev/curfew/token/published-sets.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(all.split("(?m)^## ", -1))
                    .filter(section -> !section.isBlank())
                    .map(section -> section.split(" \\| [A-Za-z]+\\n", 2))
                    .toList();
        }
    }
}
