package dev.curfew.jdbc.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KindNumbersTest {
    @Test
    void a_kind_has_its_stored_number() {
        assertThat(KindNumbers.in(
                        "{TOKEN} {SESSION} {FOREIGN_SESSION} {SUBJECT} {CLIENT} {REALM} {SIGNING_KEY} {BIRTH}"))
                .isEqualTo("1 2 3 4 5 6 7 8");
    }

    @Test
    void a_notice_is_no_kind_and_the_last_kind_is_a_birth() {
        assertThat(KindNumbers.in("r.kind <> {NOTICE} AND r.kind > {LAST}")).isEqualTo("r.kind <> 0 AND r.kind > 8");
    }

    @Test
    void kinds_that_depend_on_an_instant_are_a_list() {
        assertThat(KindNumbers.in("IN ({BY_INSTANT})")).isEqualTo("IN (3, 4, 5, 6, 8)");
    }

    @Test
    void other_marks_stay() {
        assertThat(KindNumbers.in("{clock} {skipLocked}")).isEqualTo("{clock} {skipLocked}");
    }
}
