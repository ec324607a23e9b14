package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.atrest.SessionPayload;
import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Evidence;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is logged by accident shows pseudonyms, never a claim's value, a secret or its hash. */
class NothingInClearTest {
    private static final String MARK = "clear-text";
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
    private static final Realm REALM = Realm.of("tenant");
    private static final SubjectId SUBJECT = new SubjectId(REALM, MARK + "-subject");
    private static final ClientId CLIENT = new ClientId(REALM, MARK + "-client");
    private static final ForeignSessionId FOREIGN = new ForeignSessionId(MARK + "-sid");
    private static final ForeignSessionId OTHER = new ForeignSessionId(MARK + "-other");
    private static final SessionRef REF = SessionRef.of(SUBJECT, FOREIGN);
    private static final SecretHash HASH = SecretHash.of(MARK + "-secret");
    private static final SessionPayload PAYLOAD = new SessionPayload(
            SUBJECT.value(), FOREIGN.value(), CLIENT.value(), DeviceInfo.unknown(), Map.of(MARK, MARK));
    private static final SenderKey SENDER =
            new SenderKey(SenderKey.Kind.JKT, MARK + "-" + "A".repeat(43 - MARK.length() - 1));
    private static final Evidence EVIDENCE = new Evidence(AT, Optional.of(MARK), Set.of(MARK));
    private static final TokenFacts FACTS = TokenFacts.in(REALM)
            .subject(SUBJECT)
            .client(CLIENT)
            .session(FOREIGN)
            .token(TokenId.ofJti(MARK + "-jti"))
            .signingKey(MARK + "-key")
            .build();
    private static final StoredSession ROW = StoredSession.of(SUBJECT, REF)
            .authenticatedAt(AT)
            .createdAt(AT)
            .ends(AT, Duration.ofHours(1))
            .forgetAfter(AT)
            .secretHash(HASH)
            .credential(MARK.getBytes(StandardCharsets.UTF_8))
            .payload(MARK.getBytes(StandardCharsets.UTF_8))
            .build();
    private static final Rotation ROTATION =
            Rotation.ofSecret(HASH, SecretHash.of("next"), ROW.credential()).withPayload(ROW.payload(), new byte[0]);
    private static final RevocationRequest REQUEST = RevocationRequest.of(
                    RevocationTarget.subject(SUBJECT), new OperationId(1, 2))
            .exempt(ExemptSession.of(REF))
            .build();
    private static final Revocation ENTRY = REQUEST.fix(AT, StoreSettings.defaults(), Instant.EPOCH, Optional.empty());

    static Stream<Named<Object>> values() {
        return Stream.of(
                        SUBJECT,
                        CLIENT,
                        FOREIGN,
                        REF,
                        Session.of(SUBJECT, FOREIGN)
                                .client(CLIENT)
                                .attributes(Map.of(MARK, MARK))
                                .label(MARK)
                                .scopes(Set.of(MARK))
                                .senderKey(SENDER)
                                .evidence(EVIDENCE)
                                .authenticatedAt(AT)
                                .createdAt(AT)
                                .lastSeenAt(AT)
                                .expiresAt(AT)
                                .idleTimeout(Duration.ofHours(1))
                                .build(),
                        SENDER,
                        EVIDENCE,
                        TokenId.ofJti(MARK + "-jti"),
                        FACTS,
                        ExemptSession.of(REF),
                        RevocationTarget.token(FACTS),
                        RevocationTarget.signingKey(MARK + "-key"),
                        ENTRY,
                        HASH,
                        PAYLOAD,
                        ROW,
                        SessionCursor.of(ROW),
                        new FoundSession(ROW, List.of(ENTRY)),
                        new SessionPage(List.of(new FoundSession(ROW, List.of(ENTRY))), true),
                        new Touch(REF, AT),
                        new NewSession(ROW, SessionLimit.unlimited(), Optional.of(SessionRef.of(SUBJECT, OTHER))),
                        ROTATION,
                        new RotateResult.Mismatch(ROW),
                        new RotateResult.NotLive(Optional.of(new FoundSession(ROW, List.of(ENTRY)))),
                        StoredPayload.of(ROW),
                        new PayloadChange(StoredPayload.of(ROW), ROW.payload()),
                        REQUEST,
                        Precondition.ownedBy(FACTS),
                        new FeedEntry.Revoked(ENTRY),
                        new InsertResult.Covered(ENTRY),
                        new RevokeResult.CallerRevoked(ENTRY))
                .map(value -> Named.of(value.getClass().getSimpleName(), value));
    }

    @ParameterizedTest
    @MethodSource("values")
    void to_string_shows_nothing_in_clear(Object value) {
        assertThat(value.toString()).isNotEmpty().doesNotContain(MARK);
    }

    @ParameterizedTest
    @MethodSource("values")
    void to_string_shows_nothing_of_a_secrets_hash(Object value) {
        String hash = HexFormat.of().formatHex(HASH.toBytes());

        assertThat(value.toString()).doesNotContain(hash.substring(0, 16), hash.substring(0, 8));
    }
}
