package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final Instant BEGAN = Instant.parse("2026-03-01T10:00:00Z");
    private static final SubjectId ALICE = new SubjectId(Realm.of("tenant"), "alice");
    private static final SessionId ID = Seeds.mint(Seeds.random(1), ALICE, BEGAN);
    private static final Evidence EVIDENCE =
            new Evidence(BEGAN.plusMillis(500), Optional.of("phr"), Set.of("pwd", "otp"));
    private static final SenderKey KEY = SenderKey.of(SenderKey.Kind.JKT, new byte[32]);

    @Test
    void build_keeps_what_was_said() {
        Map<String, String> attributes = new HashMap<>(Map.of("colour", "blue"));
        Session session =
                complete().attributes(attributes).device(DeviceInfo.of("phone")).build();
        attributes.put("colour", "red");

        assertThat(session.ref()).isEqualTo(SessionRef.of(ALICE, ID));
        assertThat(session.client()).isEmpty();
        assertThat(session.device().label()).isEqualTo("phone");
        assertThat(session.attributes()).containsExactly(Map.entry("colour", "blue"));
        assertThatThrownBy(() -> session.attributes().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(session.authenticatedAt()).isEqualTo(BEGAN);
        assertThat(session.createdAt()).isEqualTo(BEGAN.plusSeconds(1));
        assertThat(session.lastSeenAt()).isEqualTo(BEGAN.plusSeconds(2));
        assertThat(session.expiresAt()).isEqualTo(BEGAN.plusSeconds(3));
        assertThat(session.idleTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void build_keeps_what_only_some_sessions_have() {
        Session session = full().build();

        assertThat(session.evidence()).isEqualTo(EVIDENCE);
        assertThat(session.label()).contains("Work laptop");
        assertThat(session.scopes()).containsExactlyInAnyOrder("openid", "mail:read");
        assertThat(session.senderKey()).contains(KEY);
        assertThat(session.credential()).contains(CredentialKind.REFRESH_TOKEN);
    }

    @Test
    void build_without_them_says_that_the_person_proved_who_they_are_when_it_began_and_nothing_more() {
        Session session = complete().build();

        assertThat(session.evidence()).isEqualTo(new Evidence(BEGAN, Optional.empty(), Set.of()));
        assertThat(session.label()).isEmpty();
        assertThat(session.scopes()).isEmpty();
        assertThat(session.senderKey()).isEmpty();
        assertThat(session.credential()).isEmpty();
    }

    @Test
    void evidence_is_cut_to_the_millisecond() {
        Evidence precise = Evidence.at(BEGAN.plusNanos(1_999_999));

        assertThat(complete().evidence(precise).build().evidence().at()).isEqualTo(BEGAN.plusMillis(1));
    }

    @Test
    void to_builder_changes_what_is_said_and_nothing_else() {
        Session session = full().client(new ClientId(ALICE.realm(), "web"))
                .device(DeviceInfo.of("phone"))
                .attributes(Map.of("colour", "blue"))
                .build();

        assertThat(session.toBuilder().build()).usingRecursiveComparison().isEqualTo(session);
        assertThat(session.toBuilder().label("Home").build())
                .usingRecursiveComparison()
                .isEqualTo(full().client(new ClientId(ALICE.realm(), "web"))
                        .device(DeviceInfo.of("phone"))
                        .attributes(Map.of("colour", "blue"))
                        .label("Home")
                        .build());
        Session bare = complete().build();
        assertThat(bare.toBuilder().build()).usingRecursiveComparison().isEqualTo(bare);
    }

    @Test
    void a_refused_part_is_refused_when_it_is_set() {
        Session.Builder builder = complete();

        assertThatThrownBy(() -> builder.label("\u202e")).isInstanceOf(InvalidIdentifierException.class);
        assertThatThrownBy(() -> builder.scopes(Set.of("two words"))).isInstanceOf(InvalidIdentifierException.class);
        assertThatThrownBy(() -> builder.evidence(Evidence.at(Instant.MAX)))
                .isInstanceOf(InvalidIdentifierException.class);
    }

    @Test
    void build_without_one_of_the_four_instants_or_the_idle_timeout_is_refused_by_its_name() {
        assertMissing(complete().authenticatedAt(null), "authenticatedAt");
        assertMissing(complete().createdAt(null), "createdAt");
        assertMissing(complete().lastSeenAt(null), "lastSeenAt");
        assertMissing(complete().expiresAt(null), "expiresAt");
        assertMissing(complete().idleTimeout(null), "idleTimeout");
    }

    private static void assertMissing(Session.Builder builder, String name) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name);
    }

    private static Session.Builder full() {
        return complete()
                .evidence(EVIDENCE)
                .label("Work laptop")
                .scopes(Set.of("openid", "mail:read"))
                .senderKey(KEY)
                .credential(CredentialKind.REFRESH_TOKEN);
    }

    private static Session.Builder complete() {
        return Session.of(ALICE, ID)
                .authenticatedAt(BEGAN)
                .createdAt(BEGAN.plusSeconds(1))
                .lastSeenAt(BEGAN.plusSeconds(2))
                .expiresAt(BEGAN.plusSeconds(3))
                .idleTimeout(Duration.ofSeconds(2));
    }
}
