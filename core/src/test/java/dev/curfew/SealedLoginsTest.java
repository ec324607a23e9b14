package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.crypto.Sealer;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A login that is carried across a redirect. */
class SealedLoginsTest {
    private static final byte[] KEY = key(1);

    private final TestHost host = TestHost.start(builder -> builder.loginSealingKey(KEY));
    private final SessionService otherNode = host.node(host.clock, builder -> builder.loginSealingKey(KEY));
    private final ClientId web = new ClientId(TestHost.REALM, "web");

    private static byte[] key(int seed) {
        byte[] key = new byte[Sealer.KEY_BYTES];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (seed * 31 + i * 7);
        }
        return key;
    }

    @Test
    void another_node_with_the_same_key_takes_it_up_as_it_was() {
        LoginAttempt begun = host.service
                .beginLogin(host.alice)
                .client(web)
                .attributes(Map.of("return-to", "/orders?id=1", "µ", "😀"));
        host.clock.advance(Duration.ofMinutes(10));

        LoginAttempt resumed = otherNode.resumeLogin(begun.seal()).orElseThrow();
        Session session = resumed.complete(DeviceInfo.unknown()).orElseThrow();

        assertThat(resumed.authenticatedAt()).isEqualTo(begun.authenticatedAt());
        assertThat(session.authenticatedAt()).isEqualTo(begun.authenticatedAt());
        assertThat(session.subject()).isEqualTo(host.alice);
        assertThat(session.client()).contains(web);
        assertThat(session.attributes()).isEqualTo(Map.of("return-to", "/orders?id=1", "µ", "😀"));
    }

    @Test
    void neither_step_asks_the_store() {
        LoginAttempt begun = host.service.beginLogin();
        host.store.goDown();

        assertThat(otherNode.resumeLogin(begun.seal())).isPresent();
        assertThat(host.store.takeCalls()).containsOnlyOnce("open");
    }

    @Test
    void a_login_without_a_subject_stays_without_one() {
        String sealed = host.service.beginLogin().seal();

        Session session = otherNode
                .resumeLogin(sealed)
                .orElseThrow()
                .identifiedAs(host.bob)
                .complete(DeviceInfo.unknown())
                .orElseThrow();

        assertThat(session.subject()).isEqualTo(host.bob);
        assertThat(session.client()).isEmpty();
        assertThat(session.attributes()).isEmpty();
    }

    @Test
    void a_revocation_in_between_ends_it() {
        String sealed = host.service.beginLogin(host.alice).seal();

        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        host.clock.advance(Duration.ofMinutes(5));

        assertThat(otherNode.resumeLogin(sealed).orElseThrow().complete(DeviceInfo.unknown()))
                .isInstanceOf(LoginResult.Overtaken.class);
    }

    @Test
    void the_text_travels_in_a_cookie_or_a_url_and_shows_nothing() {
        String sealed = host.service.beginLogin(host.alice).seal();

        assertThat(sealed).matches("[A-Za-z0-9_-]+");
        assertThat(new String(Base64.getUrlDecoder().decode(sealed), StandardCharsets.ISO_8859_1))
                .doesNotContain("alice", "shop");
        assertThat(host.service.beginLogin(host.alice).seal()).isNotEqualTo(sealed);
    }

    @Test
    void it_is_good_for_just_under_an_hour() {
        String sealed = host.service.beginLogin(host.alice).seal();

        host.clock.advance(Duration.ofHours(1).minusMillis(1));
        assertThat(otherNode.resumeLogin(sealed)).isPresent();
        host.clock.advance(Duration.ofMillis(1));
        assertThat(otherNode.resumeLogin(sealed)).isEmpty();
    }

    @Test
    void another_key_does_not_open_it() {
        String sealed = host.service.beginLogin(host.alice).seal();

        assertThat(host.node(host.clock, builder -> builder.loginSealingKey(key(2)))
                        .resumeLogin(sealed))
                .isEmpty();
    }

    @Test
    void without_a_key_only_the_node_that_sealed_it_opens_it() {
        SessionService one = host.node(host.clock, builder -> builder);
        SessionService two = TestHost.start().service;
        String sealed = one.beginLogin(host.alice).seal();

        assertThat(one.resumeLogin(sealed)).isPresent();
        assertThat(two.resumeLogin(sealed)).isEmpty();
    }

    @Test
    void the_key_is_copied() {
        byte[] key = key(3);
        SessionService early = host.node(host.clock, builder -> {
            SessionServiceBuilder set = builder.loginSealingKey(key);
            Arrays.fill(key, (byte) 0);
            return set;
        });
        SessionService same = host.node(host.clock, builder -> builder.loginSealingKey(key(3)));

        assertThat(same.resumeLogin(early.beginLogin().seal())).isPresent();
    }

    @Test
    void a_change_of_any_byte_makes_it_worthless() {
        byte[] sealed = Base64.getUrlDecoder()
                .decode(host.service.beginLogin(host.alice).seal());

        for (int i = 0; i < sealed.length; i++) {
            byte[] tampered = sealed.clone();
            tampered[i] ^= 0x01;
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(tampered);
            assertThat(otherNode.resumeLogin(text)).as("byte %d", i).isEmpty();
        }
    }

    @Test
    void whatever_else_comes_along_is_no_login() {
        String sealed = host.service.beginLogin(host.alice).seal();
        String forAnotherPurpose = Sealer.withKey(KEY).seal(new byte[64], "something else");

        assertThat(new String[] {
                    "",
                    "x",
                    "A".repeat(24),
                    "%%%",
                    "é",
                    sealed + "A",
                    sealed.substring(4),
                    sealed.repeat(9),
                    forAnotherPurpose
                })
                .allSatisfy(text -> assertThat(otherNode.resumeLogin(text)).isEmpty());
    }
}
