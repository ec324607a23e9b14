package dev.curfew.upstream;

import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.store.UndecodableRecordException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Writes links as bytes, and reads them. */
final class LinkFormat {
    private static final int VERSION = 1;

    private LinkFormat() {}

    static byte[] write(Link link) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            Link.Login login = link.login();
            out.writeByte(VERSION);
            text(out, link.local().realm().name());
            text(out, link.local().value());
            text(out, link.session().value());
            text(out, login.realm().name());
            text(out, login.subject().value());
            text(out, login.sessionId().map(ForeignSessionId::value).orElse(""));
            out.writeLong(login.authenticatedAt().toEpochMilli());
            out.writeLong(login.issuedAt().toEpochMilli());
            out.writeLong(login.skew().toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a link back.
     *
     * @throws UndecodableRecordException if it is damaged, or of a version that this one does not know
     */
    static Link read(byte[] bytes) {
        try {
            return decode(bytes);
        } catch (IOException | InvalidIdentifierException | IllegalArgumentException e) {
            throw new UndecodableRecordException(
                    "a link between a login at a provider and a session cannot be read: it is damaged, or of a later"
                            + " version");
        }
    }

    private static Link decode(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readUnsignedByte() != VERSION) {
                throw new IOException("a version that this one does not know");
            }
            SubjectId local = new SubjectId(Realm.of(text(in)), text(in));
            SessionId session = SessionId.parse(text(in)).orElseThrow(() -> new IOException("no session id of ours"));
            SubjectId subject = new SubjectId(Realm.of(text(in)), text(in));
            String sid = text(in);
            Link.Login login = new Link.Login(
                    subject,
                    sid.isEmpty() ? Optional.empty() : Optional.of(new ForeignSessionId(sid)),
                    Instant.ofEpochMilli(in.readLong()),
                    Instant.ofEpochMilli(in.readLong()),
                    Duration.ofMillis(in.readLong()));
            if (in.available() > 0) {
                throw new IOException("more than this version knows");
            }
            return new Link(local, session, login);
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text that is longer than what is there");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
