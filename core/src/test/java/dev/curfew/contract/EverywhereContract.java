package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.RevokeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An entry covers what the rule says, wherever the store keeps it: facts need not name the subject under which it was
 * recorded.
 */
@Tag("Everywhere")
abstract class EverywhereContract extends StoreContract {
    EverywhereContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_token_that_is_revoked_without_its_subject_is_covered_whoever_has_it(boolean isRecorded) {
        RevocationTarget target = new RevocationTarget(
                RevocationTarget.Kind.TOKEN,
                Given.tokenTarget(alice, "t").key(),
                Given.REALM.key(),
                RevocationTarget.EVERYWHERE);
        FeedReader reader = caughtUpReader();

        Revocation entry = isRecorded ? recorded(target) : revokedOnce(target);

        for (int i = 0; i < 30; i++) {
            TokenFacts facts = Given.token(Given.subject("subject-" + i), "t")
                    .issuedAt(now())
                    .build();
            assertThat(covering(facts)).containsExactly(entry);
        }
        assertThat(covering(withoutSubject().token(TokenId.ofJti("t")).build())).containsExactly(entry);
        assertThat(covering(Given.token(alice, "other").issuedAt(now()).build()))
                .isEmpty();
        assertThat(reader.revocations()).containsExactly(entry);
        assertThat(isLive(loggedIn(alice))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_foreign_session_that_was_revoked_under_one_subject_is_covered_under_another_and_under_none(
            boolean isRecorded) {
        RevocationTarget target = session(alice).foreign("sid-1").build().target();

        Revocation entry = isRecorded ? recorded(target) : revoke(target).entry();

        List<TokenFacts> all = new ArrayList<>();
        all.add(withoutSubject().session(new ForeignSessionId("sid-1")).build());
        all.add(withoutSubject()
                .session(new ForeignSessionId("sid-1"))
                .token(TokenId.ofJti("t"))
                .build());
        for (int i = 0; i < 30; i++) {
            SubjectId subject = Given.subject("subject-" + i);
            all.add(session(subject).foreign("sid-1").build().token("t"));
        }
        assertThat(all).allSatisfy(facts -> assertThat(covering(facts)).containsExactly(entry));
        assertThat(covering(session(bob).foreign("sid-2").build().token("t"))).isEmpty();
    }

    @Test
    void a_login_of_another_subject_with_a_foreign_session_that_was_revoked_is_refused() {
        Revocation entry =
                revoke(session(alice).foreign("sid-1").build().target()).entry();

        for (int i = 0; i < 10; i++) {
            assertThat(insert(
                            session(Given.subject("subject-" + i))
                                    .foreign("sid-1")
                                    .build(),
                            SessionLimit.unlimited()))
                    .isEqualTo(new InsertResult.Covered(entry));
        }
        clock.advance(Duration.ofMinutes(1));
        insert(session(bob).foreign("sid-1").build());
    }

    private Revocation revokedOnce(RevocationTarget target) {
        RevokeResult.Recorded first = revoke(target);
        assertThat(first.newlyCovered()).isEqualTo(1);
        assertThat(first.changed()).isTrue();
        assertThat(revoke(target)).isEqualTo(new RevokeResult.Recorded(first.entry(), 0, false));
        return first.entry();
    }

    private Revocation recorded(RevocationTarget target) {
        Revocation entry = Given.act(target).build().fix(now(), Given.SETTINGS, now(), Optional.empty());
        store().record(List.of(entry), now());
        return entry;
    }

    private TokenFacts.Builder withoutSubject() {
        return TokenFacts.in(Given.REALM).issuedAt(now()).authenticatedAt(now());
    }
}
