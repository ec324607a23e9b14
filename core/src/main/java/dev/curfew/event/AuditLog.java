package dev.curfew.event;

import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each event as one line of key/value pairs to the logger {@code dev.curfew.audit}, named after the OWASP logging
 * vocabulary. Thread-safe.
 *
 * <p>Values are quoted where needed; whatever could break or reorder a line is replaced and long values are cut, so that one
 * event is one line. No line holds a token or a secret.
 */
public final class AuditLog implements SessionEventListener {
    /** The name of the logger. */
    public static final String LOGGER = "dev.curfew.audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    /** Makes an audit log. */
    public AuditLog() {}

    @Override
    public void onEvent(SessionEvent event) {
        AuditLine line = describe(event).with("at", event.at()).with("id", event.id());
        if (line.isWarning()) {
            LOG.warn(line.toString());
        } else {
            LOG.info(line.toString());
        }
    }

    private static AuditLine describe(SessionEvent event) {
        if (event instanceof SessionCreated created) {
            return AuditLine.success("session_created")
                    .subject(created.session().subject())
                    .session(created.session().handle())
                    .with("device", created.session().device().label());
        }
        if (event instanceof LoginRefused refused) {
            return AuditLine.denied(
                            refused.refusal() == LoginRefusal.LIMIT_REACHED
                                    ? "excess_sessions_exceeded"
                                    : "login_overtaken")
                    .subject(refused.subject());
        }
        if (event instanceof RevocationRecorded recorded) {
            AuditLine line = AuditLine.success("revocation_recorded")
                    .with("target", name(recorded.target().kind()))
                    .with("key", recorded.target().key())
                    .subject(recorded.subject())
                    .session(recorded.session());
            recorded.count().ifPresent(count -> line.with("count", count));
            return because(line, recorded.entry());
        }
        if (event instanceof SessionEnded ended) {
            boolean logout = ended.by().reason() == RevocationReason.USER_LOGOUT;
            return because(
                    AuditLine.success(logout ? "session_logout" : "session_expired")
                            .subject(ended.subject())
                            .session(ended.session()),
                    ended.by());
        }
        if (event instanceof RevocationDenied denied) {
            return AuditLine.denied("authz_fail")
                    .subject(denied.caller())
                    .with("target", name(denied.target().kind()))
                    .with("key", denied.target().key())
                    .with("reason", name(denied.denial()));
        }
        if (event instanceof RevocationFailed failed) {
            return AuditLine.failure("revocation_failed")
                    .with("target", name(failed.target().kind()))
                    .with("key", failed.target().key())
                    .subject(failed.subject())
                    .with("reason", name(failed.reason()))
                    .with("actor", name(failed.actor().kind()))
                    .with("actor_id", failed.actor().id());
        }
        if (event instanceof RevokedTokenUsed used) {
            return AuditLine.denied("session_use_after_expire")
                    .subject(used.subject())
                    .session(used.session())
                    .with("reason", name(used.by()));
        }
        CheckUnanswered unanswered = (CheckUnanswered) event;
        return AuditLine.failure("revocation_check_unanswered").with("allowed", unanswered.allowed());
    }

    private static AuditLine because(AuditLine line, Revocation entry) {
        return line.with("reason", name(entry.reason()))
                .with("actor", name(entry.actor().kind()))
                .with("actor_id", entry.actor().id());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
