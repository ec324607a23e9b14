package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.RevocationTarget.Kind;
import java.util.Arrays;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class KindTest {
    @Test
    void an_instant_decides_about_cut_offs_and_foreign_sessions() {
        assertThat(those(Kind::dependsOnInstant))
                .containsExactly(Kind.FOREIGN_SESSION, Kind.SUBJECT, Kind.CLIENT, Kind.REALM, Kind.BIRTH);
    }

    @Test
    void sessions_are_ours_or_foreign() {
        assertThat(those(Kind::isSession)).containsExactly(Kind.SESSION, Kind.FOREIGN_SESSION);
    }

    @Test
    void sessions_of_sessions_and_subjects_can_be_listed() {
        assertThat(those(Kind::namesSessions)).containsExactly(Kind.SESSION, Kind.FOREIGN_SESSION, Kind.SUBJECT);
    }

    @Test
    void what_tokens_sessions_and_subjects_end_is_counted() {
        assertThat(those(Kind::isCounted))
                .containsExactly(Kind.TOKEN, Kind.SESSION, Kind.FOREIGN_SESSION, Kind.SUBJECT);
    }

    @Test
    void all_but_tokens_and_keys_end_sessions() {
        assertThat(those(kind -> !kind.coversSessions())).containsExactly(Kind.TOKEN, Kind.SIGNING_KEY);
    }

    private static Kind[] those(Predicate<Kind> question) {
        return Arrays.stream(Kind.values()).filter(question).toArray(Kind[]::new);
    }
}
