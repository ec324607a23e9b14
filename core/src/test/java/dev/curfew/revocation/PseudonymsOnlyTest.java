package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What these values show in a log line: enough to find an entry again, and no claim's value. */
class PseudonymsOnlyTest {
    private static final SubjectId ALICE = new SubjectId(Realm.of("shop"), "alice@example.com");
    private static final SessionRef SESSION = SessionRef.of(ALICE, new ForeignSessionId("provider-sid"));

    @Test
    void a_tokens_id_shows_only_of_what_kind_it_is() {
        assertThat(TokenId.ofJti("jti-of-alice")).hasToString("token-jti");
        assertThat(TokenId.ofSigningInput("e30.e30")).hasToString("token-input");
    }

    @Test
    void facts_show_lookup_keys_only() {
        TokenFacts facts = TokenFacts.in(ALICE.realm())
                .token(TokenId.ofJti("jti-of-alice"))
                .subject(ALICE)
                .session(SESSION.handle())
                .build();

        assertThat(facts.toString())
                .contains(ALICE.key().toString(), facts.sessionKey().toString())
                .doesNotContain("alice", "provider-sid");
    }

    @Test
    void a_revocation_shows_what_it_is_and_when_but_not_whose() {
        Revocation entry = Revocation.of(RevocationTarget.subject(ALICE))
                .exempt(ExemptSession.of(SESSION))
                .because(RevocationReason.CREDENTIAL_CHANGED, Actor.admin("admin-7"))
                .revokedAt(Instant.EPOCH)
                .forgetAfter(Instant.EPOCH)
                .build();

        assertThat(entry.toString())
                .contains("SUBJECT", ALICE.key().toString(), "CREDENTIAL_CHANGED", "1970-01-01T00:00:00Z")
                .doesNotContain("alice", "admin-7", "provider-sid");
        assertThat(entry.exempt().orElseThrow().toString())
                .contains(SESSION.key().toString())
                .doesNotContain("alice", "provider-sid");
    }

    /** Stores and indexes keep millions of them in hash tables. */
    @Test
    void hash_codes_of_different_values_are_spread() {
        assertThat(IntStream.range(0, 100).map(i -> TokenId.ofJti("jti-" + i).hashCode()))
                .doesNotHaveDuplicates();
        assertThat(IntStream.range(0, 100)
                        .map(i -> ExemptSession.of(SessionRef.of(ALICE, new ForeignSessionId("sid-" + i)))
                                .hashCode()))
                .doesNotHaveDuplicates();
        assertThat(IntStream.range(0, 100)
                        .map(i -> Revocation.of(RevocationTarget.subject(ALICE))
                                .revokedAt(Instant.ofEpochMilli(i))
                                .forgetAfter(Instant.EPOCH)
                                .build()
                                .hashCode()))
                .doesNotHaveDuplicates();
    }
}
