package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NewSessionTest {
    private static final SessionLimit LIMIT = SessionLimit.refuseBeyond(3);

    @Test
    void a_session_cannot_replace_itself_whatever_the_reference_says_of_its_place() {
        GivenSession foreign =
                Given.session(Given.subject("alice")).foreign("sid-1").build();

        for (SessionRef itself :
                new SessionRef[] {foreign.ref(), SessionRef.ofUnknownSubject(Given.REALM, foreign.handle())}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new NewSession(foreign.row(), LIMIT, Optional.of(itself)))
                    .withMessage("a session cannot replace itself");
        }
    }

    @Test
    void of_replaces_none() {
        GivenSession session = Given.session(Given.subject("alice")).build();

        assertThat(NewSession.of(session.row(), LIMIT))
                .isEqualTo(new NewSession(session.row(), LIMIT, Optional.empty()));
    }

    @Test
    void a_store_is_given_the_same_by_its_short_verb() {
        InMemorySessionStore store = InMemorySessionStore.create();
        store.open(Given.SETTINGS, Given.BIRTH);
        GivenSession session = Given.session(Given.subject("alice")).build();
        SessionLimit one = SessionLimit.refuseBeyond(1);

        assertThat(store.insert(session.row(), one, Given.NOW))
                .isEqualTo(store.insert(NewSession.of(session.row(), one), Given.NOW));
        assertThat(store.insert(Given.session(Given.subject("alice")).build().row(), one, Given.NOW))
                .isEqualTo(new InsertResult.OverLimit(1));
    }
}
