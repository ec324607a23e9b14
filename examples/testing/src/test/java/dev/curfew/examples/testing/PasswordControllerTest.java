package dev.curfew.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.testkit.TestCurfew;
import dev.curfew.testkit.TestSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A new password ends all other sessions, or the client hears that it may not have. */
class PasswordControllerTest {
    private final TestCurfew curfew = TestCurfew.start();
    private final PasswordController controller = new PasswordController(curfew.sessions());
    private final TestSession phone = curfew.login("alice");
    private final TestSession laptop = curfew.login("alice");

    @AfterEach
    void close() {
        curfew.close();
    }

    private int changePassword() {
        return controller.changePassword(laptop.caller()).getStatusCode().value();
    }

    @Test
    void a_new_password_spares_the_session_that_set_it() {
        assertThat(changePassword()).isEqualTo(204);

        assertThat(laptop.isLive()).isTrue();
        assertThat(phone.isLive()).isFalse();
        assertThat(curfew.checker().check(phone.caller()).reason()).contains(RevocationReason.CREDENTIAL_CHANGED);
    }

    @Test
    void the_end_of_the_other_session_is_an_event() {
        changePassword();

        SessionEnded ended = curfew.events().only(SessionEnded.class);
        assertThat(ended.session().value()).isEqualTo(phone.handle());
        assertThat(ended.by().reason()).isEqualTo(RevocationReason.CREDENTIAL_CHANGED);
    }

    @Test
    void an_outage_is_no_success() {
        curfew.store().fail();
        assertThat(changePassword()).isEqualTo(503);
        curfew.events().only(RevocationFailed.class);

        curfew.recover();
        assertThat(phone.isLive()).isTrue();
        assertThat(changePassword()).isEqualTo(204);
    }
}
