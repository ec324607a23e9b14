package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.deliver.OutgoingHttp;
import dev.curfew.house.PageExamples;
import dev.curfew.session.Realm;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.TokenKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the page about standards, compiled and run. */
class StatusListPageTest {
    @Test
    void the_example_of_the_page_stands_here() throws IOException {
        PageExamples page = PageExamples.of(Path.of("../docs/standards.md"));

        assertThat(page.missingIn(Path.of("src/test/java/dev/curfew/status/StatusListPageTest.java")))
                .noneMatch(block -> block.contains("StatusListVerifier"));
        assertThat(page.blocks()).anyMatch(block -> block.contains("StatusListVerifier"));
    }

    @Test
    void it_makes_a_verifier() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        TokenKeys keys = TokenKeys.ofPublicKey(generator.generateKeyPair().getPublic());

        OutgoingHttp http = OutgoingHttp.to(List.of("issuer.example")).build();
        EventTokenPolicy policy = EventTokenPolicy.of(Profile.STATUS_LIST, Realm.of("theirs"), "https://issuer.example")
                .keys(keys) // as for the issuer's tokens
                .algorithms("ES256")
                .build();
        StatusListVerifier statuses = StatusListVerifier.of(EventTokenVerifier.of(policy), http)
                .uriPrefix("https://issuer.example/statuslists/")
                .build();

        assertThat(statuses).isNotNull();
    }
}
