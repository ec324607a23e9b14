package dev.curfew;

import dev.curfew.StepUpResult.Refused;
import dev.curfew.StepUpResult.Resumed;
import dev.curfew.crypto.Sealer;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;

/** Turns a step-up into sealed text, and back. Thread-safe. */
final class SealedStepUps {
    /** Another one than that of logins, so that neither opens as the other. */
    private static final String PURPOSE = "curfew-step-up-1";

    private static final Duration MAX_AGE = Duration.ofHours(1);
    private static final int KEY_BYTES = LookupKey.BYTES;

    private final Sealer sealer;

    SealedStepUps(Sealer sealer) {
        this.sealer = sealer;
    }

    String seal(SessionRef session, Instant begun) {
        ByteBuffer plain = ByteBuffer.allocate(Long.BYTES + KEY_BYTES);
        plain.putLong(begun.toEpochMilli()).put(session.key().toBytes());
        return sealer.seal(plain.array(), PURPOSE);
    }

    /** The age counts from the beginning, so that sealing once more makes nothing younger. */
    StepUpResult open(String sealed, SessionRef session, SessionCredentials credentials, Instant now) {
        ByteBuffer plain = sealer.open(sealed, PURPOSE)
                .map(ByteBuffer::wrap)
                .filter(bytes -> bytes.remaining() == Long.BYTES + KEY_BYTES)
                .orElse(null);
        if (plain == null) {
            return new Refused(Refused.Why.UNREADABLE);
        }
        Instant begun = Instant.ofEpochMilli(plain.getLong());
        byte[] key = new byte[KEY_BYTES];
        plain.get(key);
        if (!LookupKey.fromBytes(key).equals(session.key())) {
            return new Refused(Refused.Why.OTHER_SESSION);
        }
        return now.isBefore(begun.plus(MAX_AGE))
                ? new Resumed(new StepUp(credentials, session, begun))
                : new Refused(Refused.Why.TOO_OLD);
    }
}
