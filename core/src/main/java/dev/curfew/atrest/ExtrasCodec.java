package dev.curfew.atrest;

import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.Evidence;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Scopes;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionLabel;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads what version 3 of a payload has behind the content of version 1.
 *
 * <p>In this order: evidence as 0 for none, or 1, its instant in milliseconds (8 bytes), its class (a text, empty for
 * none) and its methods (their number, then each); the label (a text, empty for none); the scopes (their number, then
 * each); the sender's key as 0 for none, or 1 ({@code jkt}) or 2 ({@code x5t#S256}) and 32 bytes; the credential as 0
 * for none, 1 (session token) or 2 (refresh token). Methods and scopes are sorted, and none stands twice.
 */
final class ExtrasCodec {
    private static final int NONE = 0;
    private static final int PRESENT = 1;
    private static final int JKT = 1;
    private static final int X5T_S256 = 2;
    private static final int SESSION_TOKEN = 1;
    private static final int REFRESH_TOKEN = 2;
    private static final int SHA256_BYTES = 32;

    /** A unit of UTF-16 has at most three bytes in UTF-8. */
    private static final int MAX_EVIDENCE_BYTES = 3 * Evidence.MAX_LENGTH;

    private static final int MAX_LABEL_BYTES = 4 * SessionLabel.MAX_CODE_POINTS;

    private ExtrasCodec() {}

    static void write(PayloadWriter out, SessionExtras extras) {
        writeEvidence(out, extras.evidence());
        out.writeText(PayloadCodec.orEmpty(extras.label()), MAX_LABEL_BYTES);
        out.writeTexts(extras.scopes(), Scopes.MAX_COUNT, Scopes.MAX_LENGTH);
        writeSenderKey(out, extras.senderKey());
        out.writeByte(number(extras.credential()));
    }

    /** Anything that no session may have is undecodable. */
    static SessionExtras read(PayloadReader in) {
        try {
            return new SessionExtras(
                    readEvidence(in),
                    PayloadCodec.orNull(in.readText(MAX_LABEL_BYTES)),
                    in.readTexts(Scopes.MAX_COUNT, Scopes.MAX_LENGTH),
                    readSenderKey(in),
                    readCredential(in));
        } catch (InvalidIdentifierException e) {
            throw new UndecodablePayloadException("session payload has what no session may have", e);
        }
    }

    private static void writeEvidence(PayloadWriter out, @Nullable Evidence evidence) {
        if (evidence == null) {
            out.writeByte(NONE);
            return;
        }
        out.writeByte(PRESENT);
        out.writeLong(evidence.at().toEpochMilli());
        out.writeText(evidence.acr().orElse(""), MAX_EVIDENCE_BYTES);
        out.writeTexts(evidence.amr(), Evidence.MAX_METHODS, MAX_EVIDENCE_BYTES);
    }

    private static @Nullable Evidence readEvidence(PayloadReader in) {
        int presence = in.readByte();
        if (presence == NONE) {
            return null;
        }
        if (presence != PRESENT) {
            throw PayloadReader.undecodable("has unknown evidence");
        }
        Instant at = Instant.ofEpochMilli(in.readLong());
        String acr = in.readText(MAX_EVIDENCE_BYTES);
        Set<String> amr = in.readTexts(Evidence.MAX_METHODS, MAX_EVIDENCE_BYTES);
        return new Evidence(at, Optional.of(acr).filter(text -> !text.isEmpty()), amr);
    }

    private static void writeSenderKey(PayloadWriter out, @Nullable SenderKey key) {
        if (key == null) {
            out.writeByte(NONE);
            return;
        }
        out.writeByte(
                switch (key.kind()) {
                    case JKT -> JKT;
                    case X5T_S256 -> X5T_S256;
                });
        out.writeBytes(key.sha256());
    }

    private static @Nullable SenderKey readSenderKey(PayloadReader in) {
        return switch (in.readByte()) {
            case NONE -> null;
            case JKT -> SenderKey.of(SenderKey.Kind.JKT, in.readBytes(SHA256_BYTES));
            case X5T_S256 -> SenderKey.of(SenderKey.Kind.X5T_S256, in.readBytes(SHA256_BYTES));
            default -> throw PayloadReader.undecodable("has an unknown kind of sender's key");
        };
    }

    private static int number(@Nullable CredentialKind kind) {
        if (kind == null) {
            return NONE;
        }
        return switch (kind) {
            case SESSION_TOKEN -> SESSION_TOKEN;
            case REFRESH_TOKEN -> REFRESH_TOKEN;
        };
    }

    private static @Nullable CredentialKind readCredential(PayloadReader in) {
        return switch (in.readByte()) {
            case NONE -> null;
            case SESSION_TOKEN -> CredentialKind.SESSION_TOKEN;
            case REFRESH_TOKEN -> CredentialKind.REFRESH_TOKEN;
            default -> throw PayloadReader.undecodable("has an unknown kind of credential");
        };
    }
}
