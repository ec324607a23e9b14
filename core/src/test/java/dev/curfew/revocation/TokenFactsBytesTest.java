package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenFactsBytesTest {
    private static final Realm REALM = Realm.of("a");
    private static final SubjectId ALICE = new SubjectId(REALM, "alice");
    private static final Instant BEGAN = Instant.parse("2026-03-01T10:00:00.123Z");

    /** Whatever a token may name or leave out, with each kind of session. */
    private static List<TokenFacts> all() {
        List<TokenFacts> all = new ArrayList<>();
        for (int named = 0; named < 1 << 7; named++) {
            TokenFacts.Builder facts = TokenFacts.in(REALM).skew(Duration.ofSeconds(7));
            if ((named & 1) != 0) {
                facts.token(TokenId.ofJti("jti-1"));
            }
            if ((named & 2) != 0) {
                facts.session(
                        (named & 64) != 0 ? new ForeignSessionId("sid") : Seeds.mint(Seeds.random(1), ALICE, BEGAN));
            }
            if ((named & 4) != 0) {
                facts.subject(ALICE);
            }
            if ((named & 8) != 0) {
                facts.client(new ClientId(REALM, "web"));
            }
            if ((named & 16) != 0) {
                facts.signingKey("thumb-1").issuedAt(BEGAN.plusSeconds(60));
            }
            if ((named & 32) != 0) {
                facts.authenticatedAt(BEGAN);
            }
            all.add(facts.build());
        }
        return all;
    }

    @Test
    void facts_are_read_back_as_they_were_written() {
        for (TokenFacts facts : all()) {
            TokenFacts again = TokenFacts.fromBytes(facts.toBytes());

            assertThat(again).usingRecursiveComparison().isEqualTo(facts);
            assertThat(again.toBytes()).isEqualTo(facts.toBytes()).hasSizeLessThanOrEqualTo(TokenFacts.MAX_BYTES);
        }
        assertThat(all()).extracting(facts -> facts.toBytes().length).contains(TokenFacts.MAX_BYTES);
    }

    @Test
    void what_was_not_written_so_is_refused() {
        for (TokenFacts facts : all()) {
            byte[] bytes = facts.toBytes();
            for (int length : new int[] {0, 1, bytes.length - 1, bytes.length + 1, bytes.length + 16}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> TokenFacts.fromBytes(Arrays.copyOf(bytes, length)));
            }
            for (int which : new int[] {-1, 32, 64, 127}) {
                byte[] other = bytes.clone();
                other[0] = (byte) which;
                assertThatIllegalArgumentException().isThrownBy(() -> TokenFacts.fromBytes(other));
            }
        }
    }

    /** Nodes of different versions read each other's. */
    @Test
    void the_format_stays() {
        TokenFacts facts =
                TokenFacts.in(REALM).token(TokenId.ofJti("j")).issuedAt(BEGAN).build();

        assertThat(HexFormat.of().formatHex(facts.toBytes()))
                .isEqualTo("010d79b4beffdb36c427d484d6b1f2b7d5f3302457f767e796d9d11c56a15000dd0d79"
                        + "0000019ca8d72d7b0000019ca8d72d7b8000000000000000");
    }
}
