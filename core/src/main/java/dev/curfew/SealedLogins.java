package dev.curfew;

import dev.curfew.crypto.Sealer;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a login attempt into sealed text, and back. Thread-safe.
 *
 * <p>A login that asks for nothing new is sealed as nodes of the release before can read it.
 */
final class SealedLogins {
    private static final String PURPOSE_1 = "curfew-login-1";
    private static final String PURPOSE_2 = "curfew-login-2";
    private static final Duration MAX_AGE = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(SealedLogins.class);

    private final Sealer sealer;

    SealedLogins(Sealer sealer) {
        this.sealer = sealer;
    }

    String seal(LoginAttempt attempt, Instant now) {
        boolean isPlain = attempt.terms().asksForNothingNew();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writeVersion1(out, attempt, now);
            if (!isPlain) {
                LoginTermsFormat.write(out, attempt.terms());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("this login is too large to be sealed", e);
        }
        return sealer.seal(bytes.toByteArray(), isPlain ? PURPOSE_1 : PURPOSE_2);
    }

    private static void writeVersion1(DataOutputStream out, LoginAttempt attempt, Instant now) throws IOException {
        LoginTerms terms = attempt.terms();
        out.writeLong(now.toEpochMilli());
        out.writeLong(attempt.authenticatedAt().toEpochMilli());
        out.writeUTF(attempt.subject().map(subject -> subject.realm().name()).orElse(""));
        out.writeUTF(attempt.subject().map(SubjectId::value).orElse(""));
        ClientId client = terms.client();
        out.writeUTF(client == null ? "" : client.realm().name());
        out.writeUTF(client == null ? "" : client.value());
        out.writeInt(terms.attributes().size());
        for (Map.Entry<String, String> attribute : terms.attributes().entrySet()) {
            out.writeUTF(attribute.getKey());
            out.writeUTF(attribute.getValue());
        }
    }

    Optional<LoginAttempt> open(String sealed, Logins logins, Instant now) {
        return sealer.open(sealed, PURPOSE_2)
                .flatMap(bytes -> read(bytes, true, logins, now))
                .or(() -> sealer.open(sealed, PURPOSE_1).flatMap(bytes -> read(bytes, false, logins, now)));
    }

    private static Optional<LoginAttempt> read(byte[] bytes, boolean isVersion2, Logins logins, Instant now) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Instant sealedAt = Instant.ofEpochMilli(in.readLong());
            if (!now.isBefore(sealedAt.plus(MAX_AGE))) {
                return Optional.empty();
            }
            Instant authenticatedAt = Instant.ofEpochMilli(in.readLong());
            SubjectId subject = subject(in.readUTF(), in.readUTF());
            ClientId client = client(in.readUTF(), in.readUTF());
            LoginTerms terms = client == null ? LoginTerms.NONE : LoginTerms.NONE.withClient(client);
            Map<String, String> attributes = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                attributes.put(in.readUTF(), in.readUTF());
            }
            terms = terms.withAttributes(attributes);
            terms = isVersion2 ? LoginTermsFormat.read(in, terms) : terms;
            if (in.available() > 0) {
                throw new IOException("more than this version knows");
            }
            logins.rules().requireAllowed(terms);
            return Optional.of(new LoginAttempt(logins, authenticatedAt, subject, terms));
        } catch (IOException | RuntimeException e) {
            LOG.warn("an authentic login cannot be taken up here, it has to begin again: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static @Nullable SubjectId subject(String realm, String value) {
        return realm.isEmpty() ? null : new SubjectId(Realm.of(realm), value);
    }

    private static @Nullable ClientId client(String realm, String value) {
        return realm.isEmpty() ? null : new ClientId(Realm.of(realm), value);
    }
}
