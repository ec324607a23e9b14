package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.atrest.PayloadCodec;
import dev.curfew.atrest.SessionPayload;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names that backends confuse, cut, fold or execute: each is kept byte for byte, and apart from every other. */
@Tag("HostileIdentifiers")
abstract class HostileIdentifiersContract extends StoreContract {
    private static final List<String> NAMES = List.of(
            "bob",
            "Bob",
            "BOB",
            "bob ",
            " bob",
            "bob\t",
            "bob\n",
            "bob\r\n",
            "bob\0",
            "bob\0x",
            "\0",
            "bo",
            "bob.",
            "ｂｏｂ",
            "bob\u200b",
            "bob\u202e",
            "jose\u0301",
            "jos\u00e9",
            "josé ",
            "jose",
            "stra\u00dfe",
            "strasse",
            "STRASSE",
            "i",
            "\u0131",
            "\u0130",
            "\u212a",
            "k",
            "K",
            "😀",
            "😀😀",
            "👩\u200d💻",
            "\ud83d\ude01",
            "'",
            "''",
            "\"",
            "\\",
            "\\\\",
            "\\0",
            "';--",
            "' OR '1'='1",
            "x'); DROP TABLE curfew_session; --",
            "%",
            "_",
            "*",
            "?",
            "[a]",
            "{shop}",
            "{",
            "}",
            ":",
            "a:b",
            "a:b:c",
            "\r\nFLUSHALL\r\n",
            "$5",
            "${jndi:ldap://x}",
            "null",
            "NULL",
            "0",
            "00",
            "-1",
            "1e9",
            "undefined",
            "../../etc/passwd",
            "<script>",
            "\uffff",
            "\ufeffbob",
            "x".repeat(10_000),
            "x".repeat(9_999) + "y",
            "x".repeat(9_999) + " ",
            "ß".repeat(5_000));

    HostileIdentifiersContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void subjects_stay_apart() {
        Map<String, GivenSession> sessions = forEachName(name -> loggedIn(Given.subject(name)));

        endOneAfterAnother(sessions, session -> RevocationTarget.subject(session.subject()));
    }

    @Test
    void each_subject_lists_its_own_session() {
        Map<String, GivenSession> sessions = forEachName(name -> loggedIn(Given.subject(name)));

        assertThat(sessions.values())
                .allSatisfy(session -> assertThat(live(session.subject())).containsExactly(keys(session)));
    }

    @Test
    void foreign_session_ids_stay_apart() {
        Map<String, GivenSession> sessions =
                forEachName(name -> insert(session(alice).foreign(name).build()));

        endOneAfterAnother(sessions, GivenSession::target);
    }

    @Test
    void clients_stay_apart() {
        Map<String, GivenSession> sessions = forEachName(
                name -> insert(session(alice).client(Given.client(name)).build()));

        endOneAfterAnother(sessions, session -> RevocationTarget.client(Given.client(nameOf(sessions, session))));
    }

    @Test
    void realms_stay_apart() {
        Map<String, GivenSession> sessions =
                forEachName(name -> loggedIn(new SubjectId(Realm.of("r" + name + "r"), "alice")));

        endOneAfterAnother(
                sessions, session -> RevocationTarget.realm(session.subject().realm()));
    }

    @Test
    void token_ids_stay_apart() {
        Map<String, TokenFacts> tokens =
                forEachName(name -> Given.token(alice, name).issuedAt(now()).build());
        for (int i = 0; i < NAMES.size(); i++) {
            revoke(RevocationTarget.token(tokens.get(NAMES.get(i))));
            for (int j = 0; j < NAMES.size(); j++) {
                assertThat(isCovered(tokens.get(NAMES.get(j))))
                        .as("name %s after name %s was revoked", j, i)
                        .isEqualTo(j <= i);
            }
        }
    }

    @Test
    void signing_keys_stay_apart() {
        Map<String, TokenFacts> tokens = forEachName(name -> TokenFacts.in(Given.REALM)
                .signingKey("k" + name + "k")
                .issuedAt(now())
                .build());
        revoke(RevocationTarget.signingKey("k" + NAMES.get(0) + "k"));

        assertThat(tokens.values().stream().filter(this::isCovered)).hasSize(1);
    }

    @Test
    void one_name_of_each_sort_of_target_stays_apart() {
        String name = "same";
        GivenSession session = insert(session(Given.subject(name))
                .foreign(name)
                .client(Given.client(name))
                .build());
        TokenFacts other = Given.token(alice, "other")
                .client(Given.client("web"))
                .issuedAt(now())
                .build();

        revoke(Given.tokenTarget(Given.subject(name), name));
        assertThat(isLive(session)).isTrue();
        revoke(RevocationTarget.realm(Realm.of(name)));
        assertThat(isLive(session)).isTrue();
        revoke(RevocationTarget.signingKey(name));
        assertThat(isLive(session)).isTrue();
        assertThat(isCovered(other)).isFalse();
    }

    @Test
    void attributes_and_names_in_clear_come_back_byte_for_byte() {
        Map<String, String> attributes =
                NAMES.stream().collect(Collectors.toMap(name -> name, name -> name + name.length()));
        SessionPayload payload =
                new SessionPayload("x".repeat(10_000), "sid\0", "\r\nclient", DeviceInfo.of("Fire'fox %s"), attributes);
        GivenSession session =
                insert(session(alice).payload(PayloadCodec.encode(payload)).build());

        byte[] stored = find(session).orElseThrow().session().payload();

        assertThat(PayloadCodec.decode(stored)).isEqualTo(payload);
    }

    @Test
    void what_no_store_could_keep_is_no_identifier() {
        for (String name :
                new String[] {"", "\ud800", "\udc00", "bob\ud83d", "\ude00bob", "\udc00\ud800", "x".repeat(16_385)}) {
            List<ThrowingCallable> types = List.of(
                    () -> Realm.of(name),
                    () -> Given.subject(name),
                    () -> Given.client(name),
                    () -> new ForeignSessionId(name),
                    () -> new ClientId(Given.REALM, name));
            assertThat(types)
                    .allSatisfy(type -> assertThatExceptionOfType(InvalidIdentifierException.class)
                            .isThrownBy(type));
        }
    }

    @Test
    void what_no_store_could_keep_is_no_token_id() {
        for (String name : new String[] {"", "\ud800", "\udc00", "bob\ud83d", "\ude00bob", "\udc00\ud800"}) {
            assertThatExceptionOfType(InvalidIdentifierException.class).isThrownBy(() -> TokenId.ofJti(name));
        }
    }

    private static <T> Map<String, T> forEachName(Function<String, T> make) {
        Map<String, T> made = new HashMap<>();
        for (String name : NAMES) {
            assertThat(made.put(name, make.apply(name)))
                    .as("%s is listed twice", name)
                    .isNull();
        }
        return made;
    }

    private static String nameOf(Map<String, GivenSession> sessions, GivenSession session) {
        return sessions.entrySet().stream()
                .filter(entry -> entry.getValue().equals(session))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private void endOneAfterAnother(
            Map<String, GivenSession> sessions, Function<GivenSession, RevocationTarget> target) {
        for (int i = 0; i < NAMES.size(); i++) {
            revoke(target.apply(sessions.get(NAMES.get(i))));
            for (int j = 0; j < NAMES.size(); j++) {
                assertThat(isLive(sessions.get(NAMES.get(j))))
                        .as("name %s after name %s was revoked", j, i)
                        .isEqualTo(j > i);
            }
        }
    }
}
