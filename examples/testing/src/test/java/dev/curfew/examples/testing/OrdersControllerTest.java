package dev.curfew.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testkit.TestCurfew;
import dev.curfew.testkit.TestIssuer;
import dev.curfew.testkit.TestSession;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A controller answers each decision, and each kind of token. */
class OrdersControllerTest {
    private final TestCurfew curfew = TestCurfew.start();
    private final OrdersController controller = new OrdersController(curfew.verifier(), curfew.sessions());
    private final TestSession alice = curfew.login("alice");

    @AfterEach
    void close() {
        curfew.close();
    }

    private int status(String token) {
        return controller.orders("Bearer " + token).getStatusCode().value();
    }

    @Test
    void who_is_signed_in_sees_orders() {
        assertThat(controller.orders("Bearer " + alice.token()).getBody()).isEqualTo("orders of alice");
    }

    @Test
    void who_was_signed_out_does_not() {
        curfew.revoke(alice);

        assertThat(status(alice.token())).isEqualTo(401);
    }

    @Test
    void nobody_does_while_nobody_can_say() {
        curfew.unknown();
        assertThat(status(alice.token())).isEqualTo(503);

        curfew.recover();
        assertThat(status(alice.token())).isEqualTo(200);
    }

    @Test
    void one_session_may_be_unknown_and_another_active() {
        TestSession bob = curfew.login("bob");
        curfew.unknown(alice);

        assertThat(status(alice.token())).isEqualTo(503);
        assertThat(status(bob.token())).isEqualTo(200);
    }

    @Test
    void a_token_that_is_none_is_refused() {
        assertThat(status(alice.token(TestIssuer::expired))).isEqualTo(401);
        assertThat(status(alice.token(TestIssuer::forged))).isEqualTo(401);
        assertThat(status(alice.token(TestIssuer::ofAnotherAudience))).isEqualTo(401);
        assertThat(status(alice.token(TestIssuer::withoutSid))).isEqualTo(401);
        assertThat(status(alice.token(TestIssuer::idToken))).isEqualTo(401);
    }

    @Test
    void a_token_of_another_kind_is_drafted() {
        String token = curfew.issuer()
                .draft(alice.session())
                .claim("scope", "orders:read")
                .claim("aud", "https://api.test.example")
                .sign();

        assertThat(status(token)).isEqualTo(200);
    }

    @Test
    void a_token_expires_by_the_clock() {
        String token = alice.token();
        curfew.advance(Duration.ofMinutes(16));

        assertThat(status(token)).isEqualTo(401);
        assertThat(status(alice.token())).isEqualTo(200);
    }

    @Test
    void a_request_is_a_sign_of_life() {
        curfew.advance(Duration.ofMinutes(59));
        status(alice.token());
        curfew.advance(Duration.ofMinutes(59));

        assertThat(alice.isLive()).isTrue();
    }
}
