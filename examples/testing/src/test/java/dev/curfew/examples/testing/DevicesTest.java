package dev.curfew.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.http.EndpointResponse;
import dev.curfew.http.FilterResult;
import dev.curfew.http.Profile;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.SessionLimit;
import dev.curfew.testkit.TestCurfew;
import dev.curfew.testkit.TestIssuer;
import dev.curfew.testkit.TestSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Curfew's endpoints with the settings of the host. */
class DevicesTest {
    private final TestCurfew curfew = TestCurfew.builder()
            .issuer("https://shop.example.com", "shop-api")
            .service(service -> service.sessionLimit(SessionLimit.endOldestBeyond(3)))
            .endpoints(endpoints -> endpoints.profile(Profile.STANDARDS))
            .filter(filter -> filter.contextPath("/shop").open("/hello"))
            .start();

    private final TestSession phone = curfew.login("alice");
    private final TestSession laptop = curfew.login("alice");

    @AfterEach
    void close() {
        curfew.close();
    }

    @Test
    void sign_out_everywhere_else_spares_the_current_one() {
        EndpointResponse answer = curfew.callAs(laptop).delete("/shop/api/auth/sessions");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(phone.isLive()).isFalse();
        assertThat(curfew.callAs(laptop).get("/shop/api/auth/sessions").bodyText())
                .contains(laptop.handle())
                .doesNotContain(phone.handle());
    }

    @Test
    void a_logout_ends_the_session() {
        String token = laptop.token();

        assertThat(curfew.callAs(token).post("/shop/api/v1/auth/logout").status())
                .isEqualTo(204);
        assertThat(curfew.callAs(token).get("/shop/api/auth/sessions").status()).isEqualTo(401);
    }

    @Test
    void an_expired_token_can_still_log_out() {
        String token = laptop.token(TestIssuer::expired);

        assertThat(curfew.callAs(token).post("/shop/api/v1/auth/logout").status())
                .isEqualTo(401);
        assertThat(laptop.isLive()).isFalse();
    }

    @Test
    void what_is_not_open_demands_a_caller() {
        assertThat(curfew.anonymous().filter("GET", "/shop/hello")).isInstanceOf(FilterResult.Passed.class);
        assertThat(curfew.anonymous().get("/shop/orders").status()).isEqualTo(401);
        assertThat(curfew.callAs(laptop).filter("GET", "/shop/orders")).isInstanceOf(FilterResult.Passed.class);
    }

    @Test
    void sessions_end_in_every_way() {
        TestSession loggedOut = curfew.login("bob").logOut();
        TestSession disabled = curfew.login("bob").end(RevocationReason.ACCOUNT_DISABLED);
        TestSession replaced = curfew.login("bob");
        TestSession current = replaced.replace();
        assertThat(current.isLive()).isTrue();

        TestSession idle = curfew.login("bob").becomeIdle();
        TestSession expired = curfew.login("bob").expire();
        assertThat(new TestSession[] {loggedOut, disabled, replaced, idle, expired})
                .noneMatch(TestSession::isLive);
    }
}
