package dev.curfew.token;

import static dev.curfew.token.TestMessages.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The example messages of RFC 8417, of CAEP 1.0, of RISC 1.0 and of the Shared Signals Framework 1.0, word by word. */
class PublishedMessagesTest {
    private static final String HEADER = "{\"typ\":\"secevent+jwt\",\"alg\":\"RS256\"}";

    /** One example: where it stands, what becomes of it, and its claims. */
    record Example(String title, String outcome, String claims) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Example> examples() throws IOException {
        try (InputStream in = PublishedMessagesTest.class.getResourceAsStream("published-sets.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(all.split("(?m)^## ", -1))
                    .filter(section -> !section.isBlank())
                    .map(PublishedMessagesTest::example)
                    .toList();
        }
    }

    private static Example example(String section) {
        String[] lines = section.split("\n", 2);
        String[] head = lines[0].split(" \\| ", -1);
        return new Example(head[0], head[1], lines[1]);
    }

    @Test
    void there_are_examples_of_each_standard() throws IOException {
        assertThat(examples()).hasSize(32);
        assertThat(examples()).extracting(Example::outcome).contains("accepted", "legacy", "TIMES", "MALFORMED");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void each_example_is_read_or_refused_as_its_standard_says(Example example) throws Exception {
        String token = TestIssuer.token("RS256", HEADER, example.claims());
        EventTokenVerifier verifier = verifier(example, false);
        switch (example.outcome()) {
            case "accepted" -> {
                EventToken read = verifier.verify(token);
                assertThat(read.subjectIdentifier().orElseThrow().asMap())
                        .isEqualTo(JSONObjectUtils.parse(example.claims()).get("sub_id"));
                assertThat(read.claims()).isEqualTo(JSONObjectUtils.parse(example.claims()));
            }
            case "legacy" -> {
                isRefused(verifier, token, Reason.SUBJECT);
                assertThat(verifier(example, true).verify(token).subjectIdentifier())
                        .containsInstanceOf(SubjectIdentifier.IssSub.class);
            }
            default -> isRefused(verifier, token, Reason.valueOf(example.outcome()));
        }
    }

    /** For whom and by whom the example says it is; a text that is no JSON is for nobody. */
    private static EventTokenVerifier verifier(Example example, boolean legacy) throws Exception {
        Map<String, Object> claims =
                example.outcome().equals("MALFORMED") ? Map.of() : JSONObjectUtils.parse(example.claims());
        Object audience = claims.getOrDefault("aud", "nobody");
        EventTokenPolicy.Builder policy = EventTokenPolicy.of(
                        Profile.SECURITY_EVENT, TestIssuer.REALM, (String) claims.getOrDefault("iss", "nobody"))
                .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()))
                .audience(audience instanceof List<?> several ? (String) several.get(0) : (String) audience);
        return EventTokenVerifier.of((legacy ? policy.legacySubject() : policy).build(), TestIssuer.CLOCK);
    }
}
