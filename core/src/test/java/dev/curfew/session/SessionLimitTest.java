package dev.curfew.session;

import static dev.curfew.session.SessionLimit.WhenReached.END_OLDEST;
import static dev.curfew.session.SessionLimit.WhenReached.REFUSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SessionLimitTest {
    @Test
    void factories_say_what_a_login_beyond_them_does() {
        assertThat(SessionLimit.refuseBeyond(3)).isEqualTo(new SessionLimit(3, REFUSE));
        assertThat(SessionLimit.endOldestBeyond(3)).isEqualTo(new SessionLimit(3, END_OLDEST));
    }

    @Test
    void only_unlimited_is_unlimited() {
        assertThat(SessionLimit.unlimited().isUnlimited()).isTrue();
        assertThat(SessionLimit.refuseBeyond(1).isUnlimited()).isFalse();
        assertThat(SessionLimit.endOldestBeyond(Integer.MAX_VALUE - 1).isUnlimited())
                .isFalse();
    }

    @Test
    void less_than_one_session_is_refused() {
        assertThat(SessionLimit.refuseBeyond(1).max()).isEqualTo(1);
        assertThatThrownBy(() -> SessionLimit.refuseBeyond(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SessionLimit.endOldestBeyond(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
