package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.SessionService;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.token.InvalidTokenException;
import dev.curfew.token.TokenVerifier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** By which clock tokens and sessions end. */
class ClockBeanTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T12:00:00Z");

    private final WebApplicationContextRunner shop = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(CurfewAutoConfiguration.class, CurfewWebAutoConfiguration.class))
            .withPropertyValues(
                    "curfew.realm=shop",
                    "curfew.issuer=https://shop.example.com",
                    "curfew.secret=" + Host.SECRET_TEXT,
                    "curfew.audience=shop-api",
                    "curfew.store.type=memory");

    private static Session login(BeanFactory beans) {
        return beans.getBean(SessionService.class)
                .beginLogin(new SubjectId(Host.REALM, "alice"))
                .complete(DeviceInfo.of("a test"))
                .orElseThrow();
    }

    private static String token(Session session, Instant from) {
        return Host.token(session, from, from.plusSeconds(600), Map.of());
    }

    @Test
    void a_clock_that_the_host_has_for_something_else_does_not_keep_an_expired_token_alive() {
        shop.withBean("billing", Clock.class, () -> Clock.fixed(LONG_AGO, ZoneOffset.UTC))
                .run(context -> {
                    Session session = login(context);
                    TokenVerifier verifier = context.getBean(TokenVerifier.class);

                    assertThat(session.createdAt()).isAfter(LONG_AGO.plus(Duration.ofDays(1)));
                    assertThatThrownBy(() -> verifier.verify(token(session, LONG_AGO)))
                            .isInstanceOf(InvalidTokenException.class);
                });
    }

    @Test
    void the_clock_that_is_named_for_curfew_decides_about_tokens_and_sessions() {
        shop.withBean("billing", Clock.class, Clock::systemUTC)
                .withBean("curfewClock", Clock.class, () -> Clock.fixed(LONG_AGO, ZoneOffset.UTC))
                .run(context -> {
                    Session session = login(context);

                    assertThat(session.createdAt()).isEqualTo(LONG_AGO);
                    assertThat(context.getBean(TokenVerifier.class).verify(token(session, LONG_AGO)))
                            .isNotNull();
                });
    }
}
