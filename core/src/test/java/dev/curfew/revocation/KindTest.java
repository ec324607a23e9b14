package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.RevocationTarget.Kind;
import java.util.Arrays;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class KindTest {
    @Test
    void anInstantDecidesAboutCutOffsAndForeignSessions() {
        assertThat(those(Kind::dependsOnInstant))
                .containsExactly(Kind.FOREIGN_SESSION, Kind.SUBJECT, Kind.CLIENT, Kind.REALM, Kind.BIRTH);
    }

    @Test
    void sessionsAreOursOrForeign() {
        assertThat(those(Kind::isSession)).containsExactly(Kind.SESSION, Kind.FOREIGN_SESSION);
    }

    @Test
    void sessionsOfSessionsAndSubjectsCanBeListed() {
        assertThat(those(Kind::namesSessions)).containsExactly(Kind.SESSION, Kind.FOREIGN_SESSION, Kind.SUBJECT);
    }

    @Test
    void whatTokensSessionsAndSubjectsEndIsCounted() {
        assertThat(those(Kind::isCounted))
                .containsExactly(Kind.TOKEN, Kind.SESSION, Kind.FOREIGN_SESSION, Kind.SUBJECT);
    }

    @Test
    void allButTokensAndKeysEndSessions() {
        assertThat(those(kind -> !kind.coversSessions())).containsExactly(Kind.TOKEN, Kind.SIGNING_KEY);
    }

    private static Kind[] those(Predicate<Kind> question) {
        return Arrays.stream(Kind.values()).filter(question).toArray(Kind[]::new);
    }
}
