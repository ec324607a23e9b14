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

/** Turns a login attempt into sealed text, and back. Thread-safe. */
final class SealedLogins {
    private static final String PURPOSE = "curfew-login-1";
    private static final Duration MAX_AGE = Duration.ofHours(1);

    private final Sealer sealer;

    SealedLogins(Sealer sealer) {
        this.sealer = sealer;
    }

    String seal(LoginAttempt attempt, Instant now) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(now.toEpochMilli());
            out.writeLong(attempt.authenticatedAt().toEpochMilli());
            out.writeUTF(
                    attempt.subject().map(subject -> subject.realm().name()).orElse(""));
            out.writeUTF(attempt.subject().map(SubjectId::value).orElse(""));
            out.writeUTF(attempt.client().map(client -> client.realm().name()).orElse(""));
            out.writeUTF(attempt.client().map(ClientId::value).orElse(""));
            out.writeInt(attempt.attributes().size());
            for (Map.Entry<String, String> attribute : attempt.attributes().entrySet()) {
                out.writeUTF(attribute.getKey());
                out.writeUTF(attribute.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("this login is too large to be sealed", e);
        }
        return sealer.seal(bytes.toByteArray(), PURPOSE);
    }

    Optional<LoginAttempt> open(String sealed, Logins logins, Instant now) {
        return sealer.open(sealed, PURPOSE).flatMap(bytes -> read(bytes, logins, now));
    }

    private static Optional<LoginAttempt> read(byte[] bytes, Logins logins, Instant now) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Instant sealedAt = Instant.ofEpochMilli(in.readLong());
            if (!now.isBefore(sealedAt.plus(MAX_AGE))) {
                return Optional.empty();
            }
            Instant authenticatedAt = Instant.ofEpochMilli(in.readLong());
            SubjectId subject = subject(in.readUTF(), in.readUTF());
            ClientId client = client(in.readUTF(), in.readUTF());
            Map<String, String> attributes = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                attributes.put(in.readUTF(), in.readUTF());
            }
            return Optional.of(new LoginAttempt(logins, authenticatedAt, subject, client, attributes));
        } catch (IOException e) {
            throw new UncheckedIOException("an authentic login was sealed by another version", e);
        }
    }

    private static @Nullable SubjectId subject(String realm, String value) {
        return realm.isEmpty() ? null : new SubjectId(Realm.of(realm), value);
    }

    private static @Nullable ClientId client(String realm, String value) {
        return realm.isEmpty() ? null : new ClientId(Realm.of(realm), value);
    }
}
