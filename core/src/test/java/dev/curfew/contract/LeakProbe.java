package dev.curfew.contract;

import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionStore;
import dev.curfew.token.VerifiedToken;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A few sessions full of texts that nobody else writes, for tests that look for them in all that a store keeps.
 * Confined to one thread.
 */
public final class LeakProbe {
    private static final RevocationCause BY_ADMIN =
            RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "admin-7");

    private final String mark = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final TestTokens tokens = TestTokens.ours(Realm.of("shop"), clock);
    private final TestTokens partner = TestTokens.foreign(Realm.of("partner"), clock);
    private final Set<String> secrets = new HashSet<>();
    private final Set<String> personal = new HashSet<>();

    /** With texts of their own. */
    public LeakProbe() {}

    /**
     * Lets a day of a host leave its traces: sessions of ours and of a foreign issuer, some of them revoked, tokens,
     * secrets.
     *
     * @param store opened or not
     * @param encryption the decision
     */
    public void plantIn(SessionStore store, UnaryOperator<SessionServiceBuilder> encryption) {
        SubjectId subject = tokens.subject(personal("subject"));
        try (SessionService service = encryption
                .apply(SessionService.builder()
                        .store(store)
                        .lifetimes(SessionLifetimes.aal2())
                        .tokenPolicies(tokens.policy(), partner.policy())
                        .clock(clock, clock.ticker())
                        .authoritativeChecks()
                        .withoutAuditLog()
                        .eventExecutor(Runnable::run))
                .build()) {
            clock.advance(Duration.ofMinutes(1));
            Session kept = login(service, subject);
            Session revoked = login(service, subject);
            service.revokeSession(subject, revoked.handle(), BY_ADMIN);
            service.touch(token(kept));
            service.revokeToken(token(kept), BY_ADMIN);
            VerifiedToken foreign = partner.verify(secret(partner.draft(subject.value())
                    .with("sid", personal("handle"))
                    .compact()));
            service.adopt(foreign, device());
            service.revokeOtherSessions(foreign);
            SubjectId other = tokens.subject(personal("other-subject"));
            login(service, other);
            service.revokeAllSessions(other, BY_ADMIN);
        }
        GivenSession withSecret = Given.session(subject)
                .began(clock.instant())
                .secret(secret("secret-1"))
                .build();
        store.insert(withSecret.row(), SessionLimit.unlimited(), clock.instant());
        // Given.exchange would put the secret into the credential, where core never does.
        Rotation rotation = Rotation.ofSecret(
                SecretHash.of(mark + "secret-1"), SecretHash.of(secret("secret-2")), new byte[] {1, 2, 3});
        RotateResult rotated = store.rotate(withSecret.ref(), rotation, clock.instant());
        if (!rotated.equals(new RotateResult.Rotated())) {
            throw new AssertionError(rotated);
        }
    }

    /** {@return the texts about persons, which stand in a store that is not encrypted} */
    public Set<String> personal() {
        return Set.copyOf(personal);
    }

    /**
     * Looks for all texts, in every spelling in which a dump may show them.
     *
     * @param dump whatever a store keeps
     * @return those that stand there; secrets and tokens among them would be a fault in any case
     */
    public Set<String> foundIn(byte[] dump) {
        String haystack = new String(dump, StandardCharsets.ISO_8859_1);
        Set<String> found = new HashSet<>();
        for (Set<String> texts : List.of(personal, secrets)) {
            for (String text : texts) {
                if (spellings(text).stream().anyMatch(haystack::contains)) {
                    found.add(text);
                }
            }
        }
        return found;
    }

    private Session login(SessionService service, SubjectId subject) {
        clock.advance(Duration.ofSeconds(1));
        return service.beginLogin(subject)
                .client(new ClientId(subject.realm(), personal("client")))
                .attributes(Map.of(personal("attribute-name"), personal("attribute-value")))
                .complete(device())
                .orElseThrow();
    }

    private DeviceInfo device() {
        return DeviceInfo.of(personal("label")).withAddress(personal("address")).withUserAgent(personal("user-agent"));
    }

    private VerifiedToken token(Session session) {
        String jti = secret("jti");
        String compact = tokens.draft(session).with("jti", jti).compact();
        secret(compact);
        return tokens.verify(compact);
    }

    private String personal(String text) {
        personal.add(mark + text);
        return mark + text;
    }

    /** A text with the mark, or a token as it is. */
    private String secret(String text) {
        String marked = text.contains(".") ? text : mark + text;
        secrets.add(marked);
        return marked;
    }

    private static List<String> spellings(String text) {
        List<String> spellings = new ArrayList<>();
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            byte[] bytes = text.getBytes(charset);
            spellings.add(new String(bytes, StandardCharsets.ISO_8859_1));
            spellings.add(HexFormat.of().formatHex(bytes));
            spellings.add(HexFormat.of().withUpperCase().formatHex(bytes));
            for (int shift = 0; shift < 3; shift++) {
                String base64 = base64(bytes, shift);
                spellings.add(base64);
                spellings.add(base64.replace('+', '-').replace('/', '_'));
            }
        }
        return spellings;
    }

    /** How it looks somewhere inside of a longer text, without the characters that its neighbours share. */
    private static String base64(byte[] bytes, int shift) {
        byte[] shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int first = (shift * 4 + 2) / 3;
        int whole = shifted.length / 3 * 4;
        return encoded.substring(first, Math.max(first, whole));
    }
}
