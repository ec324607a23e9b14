package dev.curfew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that comes from outside can break, reorder, forge or flood a line. LOG-03. */
class AuditInjectionTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final AuditLines lines = new AuditLines();

    @AfterEach
    void close() {
        lines.close();
    }

    static Stream<String> hostile() {
        return Stream.of(
                "a\r\nevent=session_created result=success subject=admin",
                "a\nb",
                "a\rb",
                "nul\u0000nul",
                "esc\u001b[31mred\u001b[0m",
                "bell\u0007tab\tdel\u007f",
                "c1\u0085next\u009bline",
                "line\u2028separator",
                "paragraph\u2029separator",
                "override\u202egnp.exe",
                "embedding\u202a\u202b\u202c\u202d",
                "isolate\u2066\u2067\u2068\u2069",
                "marks\u200e\u200f\u061c",
                "zero\u200b\u200c\u200d\ufeffwidth",
                "private\ue000use",
                "tag\udb40\udc41characters",
                "quote\" event=forged",
                "backslash\\",
                "backslash and quote\\\" x=y",
                "\\u{a}",
                "equals=sign",
                " leading and trailing ",
                "{} {} %s %n ${jndi:ldap://x}",
                "…",
                "😀 emoji");
    }

    private static void isOneHarmlessLine(String line) {
        assertThat(line.codePoints().filter(AuditInjectionTest::isHarmful))
                .as(line)
                .isEmpty();
    }

    private static boolean isHarmful(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.PRIVATE_USE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static SessionEvent usedBy(String realm, String subject, String session) {
        return new RevokedTokenUsed(
                "e",
                NOW,
                new SubjectId(Realm.of(realm), subject),
                new ForeignSessionId(session),
                RevocationReason.USER_LOGOUT);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void a_hostile_value_stays_the_value_of_its_key(String value) {
        SessionEvent event = usedBy("r" + value + "r", value, value);

        isOneHarmlessLine(lines.write(event));
        assertThat(lines.pairs(event))
                .containsOnlyKeys("event", "result", "realm", "subject", "session", "reason", "at", "id")
                .containsEntry("event", "session_use_after_expire")
                .containsEntry("realm", "r" + value + "r")
                .containsEntry("subject", value)
                .containsEntry("session", new ForeignSessionId(value).toString());
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void a_hostile_device_stays_the_value_of_its_key(String value) {
        SubjectId subject = new SubjectId(Realm.of("shop"), "alice");
        Session session = Session.of(subject, new ForeignSessionId("idp-1"))
                .device(DeviceInfo.of(value))
                .authenticatedAt(NOW)
                .createdAt(NOW)
                .lastSeenAt(NOW)
                .expiresAt(NOW.plus(Duration.ofHours(1)))
                .idleTimeout(Duration.ofHours(1))
                .build();
        SessionEvent event = new SessionCreated("e", NOW, session);

        isOneHarmlessLine(lines.write(event));
        assertThat(lines.pairs(event))
                .containsEntry("device", DeviceInfo.of(value).label())
                .containsEntry("subject", "alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"event=forged\"", "a=b", "\\", "${x}", "{}", "<script>"})
    void a_hostile_actor_stays_the_value_of_its_key(String value) {
        SubjectId subject = new SubjectId(Realm.of("shop"), "alice");
        Revocation by = Revocation.of(RevocationTarget.subject(subject))
                .because(RevocationReason.REVOKED_BY_ADMIN, Actor.admin(value))
                .revokedAt(NOW)
                .forgetAfter(NOW.plus(Duration.ofDays(1)))
                .build();
        SessionEvent event = new SessionEnded("e", NOW, subject, new ForeignSessionId("idp-1"), by);

        isOneHarmlessLine(lines.write(event));
        assertThat(lines.pairs(event)).containsEntry("actor_id", value).containsEntry("actor", "admin");
    }

    @Test
    void a_harmless_value_is_written_as_it_is() {
        assertThat(lines.write(usedBy("shop", "auth0|5f7c", "https://idp.example.com/s/1+2")))
                .contains(" realm=shop ", " subject=\"auth0|5f7c\" ", " session=foreign-session:");
        assertThat(lines.write(usedBy("shop", "José Núñez", "1"))).contains(" subject=\"José Núñez\" ");
    }

    @Test
    void a_long_value_is_cut_to_256_characters_and_says_so() {
        Map<String, String> exactly = lines.pairs(usedBy("shop", "x".repeat(256), "1"));
        Map<String, String> longer = lines.pairs(usedBy("shop", "x".repeat(257), "1"));

        assertThat(exactly).containsEntry("subject", "x".repeat(256));
        assertThat(longer).containsEntry("subject", "x".repeat(256) + "…");
    }

    @Test
    void a_cut_never_halves_a_character() {
        assertThat(lines.pairs(usedBy("shop", "😀".repeat(300), "1"))).containsEntry("subject", "😀".repeat(256) + "…");
    }

    @Test
    void the_longest_identifiers_make_a_line_of_bounded_length() {
        String endless = "\u202e".repeat(16_384);

        String line = lines.write(usedBy("r" + endless.substring(2) + "r", endless, endless));

        assertThat(line).hasSizeLessThan(3 * 256 * "\\u{202e}".length() + 500);
        isOneHarmlessLine(line);
    }
}
