package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final Instant BEGAN = Instant.parse("2026-03-01T10:00:00Z");
    private static final SubjectId ALICE = new SubjectId(Realm.of("tenant"), "alice");
    private static final SessionId ID = Seeds.mint(Seeds.random(1), ALICE, BEGAN);

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
    }

    @Test
    void build_without_one_of_the_four_instants_is_refused_by_its_name() {
        assertMissing(complete().authenticatedAt(null), "authenticatedAt");
        assertMissing(complete().createdAt(null), "createdAt");
        assertMissing(complete().lastSeenAt(null), "lastSeenAt");
        assertMissing(complete().expiresAt(null), "expiresAt");
    }

    private static void assertMissing(Session.Builder builder, String name) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name);
    }

    private static Session.Builder complete() {
        return Session.of(ALICE, ID)
                .authenticatedAt(BEGAN)
                .createdAt(BEGAN.plusSeconds(1))
                .lastSeenAt(BEGAN.plusSeconds(2))
                .expiresAt(BEGAN.plusSeconds(3));
    }
}
