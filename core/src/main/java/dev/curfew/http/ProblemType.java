package dev.curfew.http;

import org.jspecify.annotations.Nullable;

/** Everything that can go wrong with a call, with what both profiles say about it. */
enum ProblemType {
    TOKEN_MISSING(401, 401, "token-missing", "Authentication required", "token.invalid"),
    TOKEN_INVALID(401, 401, "token-invalid", "Invalid token", "token.invalid"),
    /** Told apart from an invalid token only where the profile has a status of its own for it. */
    TOKEN_EXPIRED(403, 401, "token-invalid", "Invalid token", "token.expired"),
    AUTHENTICATION_INSUFFICIENT(
            401,
            401,
            "insufficient-user-authentication",
            "Insufficient user authentication",
            "authentication.insufficient"),
    CREDENTIALS_AMBIGUOUS(400, 400, "credentials-ambiguous", "Ambiguous credentials", "credentials.ambiguous"),
    REQUEST_MALFORMED(400, 400, "request-malformed", "Malformed request", "request.malformed"),
    BODY_TOO_LARGE(413, 413, "body-too-large", "Content too large", "body.too-large"),
    MEDIA_TYPE_UNSUPPORTED(415, 415, "media-type-unsupported", "Unsupported media type", "media-type.unsupported"),
    METHOD_NOT_ALLOWED(405, 405, "method-not-allowed", "Method not allowed", "method.not-allowed"),
    CROSS_SITE(403, 403, "cross-site-request", "Cross-site request", "request.cross-site"),
    SESSION_ID_INVALID(404, 404, "session-id-invalid", "Invalid session id", "session.id-invalid"),
    SESSION_NOT_FOUND(404, 404, "session-not-found", "Session not found", "session.not-found"),
    SESSION_FOREIGN(403, 403, "session-foreign", "Session of somebody else", "session.foreign"),
    LABEL_INVALID(400, 400, "label-invalid", "Invalid label", "label.invalid"),
    NO_CURRENT_SESSION(409, 409, "no-current-session", "No current session", "session.no-current"),
    REFRESH_CONFLICT(409, 409, "refresh-conflict", "Refreshed by somebody else", "refresh.conflict"),
    ATTEMPT_REPEATED(400, 400, "attempt-repeated", "Attempt key used before", "refresh.attempt-repeated"),
    SCOPE_NOT_GRANTED(400, 400, "scope-not-granted", "Scope not granted", "refresh.scope-not-granted"),
    TOO_MANY_CALLS(429, 429, "quota-exceeded", "Too many requests", "calls.too-many"),
    UNAVAILABLE(500, 503, "unavailable", "Temporarily unavailable", "error.internal"),
    UNEXPECTED(500, 500, "internal-error", "Internal error", "error.internal");

    private final int guideStatus;
    private final int standardsStatus;
    private final String slug;
    private final String title;
    private final String messageKey;

    ProblemType(int guideStatus, int standardsStatus, String slug, String title, String messageKey) {
        this.guideStatus = guideStatus;
        this.standardsStatus = standardsStatus;
        this.slug = slug;
        this.title = title;
        this.messageKey = messageKey;
    }

    int status(Profile profile) {
        return profile == Profile.GUIDE ? guideStatus : standardsStatus;
    }

    /** The last part of the problem type's address. */
    String slug() {
        return slug;
    }

    /** The same for each occurrence of the type. */
    String title() {
        return title;
    }

    String messageKey(Profile profile) {
        if (profile == Profile.GUIDE) {
            return messageKey;
        }
        return switch (this) {
            case TOKEN_MISSING -> "token.missing";
            case TOKEN_EXPIRED -> TOKEN_INVALID.messageKey;
            case UNAVAILABLE -> "error.unavailable";
            default -> messageKey;
        };
    }

    /** The {@code error} of a challenge (RFC 6750, RFC 9470), if the answer is one that names it. */
    @Nullable
    String challengeError() {
        return switch (this) {
            case TOKEN_INVALID, TOKEN_EXPIRED -> "invalid_token";
            case AUTHENTICATION_INSUFFICIENT -> RefusalReason.REAUTHENTICATION;
            case CREDENTIALS_AMBIGUOUS -> "invalid_request";
            default -> null;
        };
    }

    /** The {@code error_description} of a challenge that names an error. */
    String challengeDescription() {
        return switch (this) {
            case AUTHENTICATION_INSUFFICIENT -> "A more recent or a stronger authentication is required";
            case CREDENTIALS_AMBIGUOUS -> "The request names more than one credential";
            default -> "The access token is expired, revoked, malformed or otherwise invalid";
        };
    }
}
