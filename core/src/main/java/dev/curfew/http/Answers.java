package dev.curfew.http;

import dev.curfew.jose.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shapes every answer as the profile says. Immutable. */
final class Answers {
    private static final byte[] NO_BODY = new byte[0];
    private static final String JSON = "application/json; charset=utf-8";
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final String QUOTA_TYPE = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    /** The refusals that tell a client when to come back, if that is known. */
    private static final Set<Integer> RETRIED = Set.of(409, 429, 503);

    private final Profile profile;
    private final Messages messages;
    private final Challenges challenges;
    private final @Nullable String problemTypeBase;
    private final @Nullable String transportSecurity;
    private final List<HeaderField> clearedCookies;
    private final List<HeaderField> clearedCredential;
    private final List<HeaderField> clearedSiteData;

    Answers(AnswerSettings settings) {
        this.profile = settings.profile;
        this.messages = new Messages(settings.defaultLocale);
        this.challenges = new Challenges(settings.realmName, settings.dpopAlgorithms, settings.resourceMetadata);
        this.problemTypeBase = settings.problemTypeBase;
        this.transportSecurity = settings.transportSecurity;
        this.clearedCookies =
                settings.cookies.stream().map(SessionCookie::clear).toList();
        this.clearedCredential =
                settings.credentialCookie == null ? List.of() : List.of(settings.credentialCookie.clear());
        this.clearedSiteData = settings.clearSiteData.isEmpty()
                ? List.of()
                : List.of(new HeaderField(
                        "Clear-Site-Data",
                        settings.clearSiteData.stream()
                                .map(ClearSiteData::directive)
                                .collect(Collectors.joining(", "))));
    }

    Profile profile() {
        return profile;
    }

    /** What was asked for is done; the guide's body may say more. */
    EndpointResponse done(EndpointRequest request, String messageKey, UnaryOperator<JsonObject> more) {
        return done(request, messageKey, more, List.of());
    }

    /** The current session is over; what a browser keeps beside cookies is forgotten with all of them only. */
    EndpointResponse loggedOut(EndpointRequest request, Clearing clearing) {
        List<HeaderField> forget = new ArrayList<>(cleared(clearing));
        if (clearing == Clearing.ALL) {
            forget.addAll(clearedSiteData);
        }
        return done(request, "logout.done", UnaryOperator.identity(), forget);
    }

    /** What was asked for stands in the body. */
    EndpointResponse document(EndpointRequest request, UnaryOperator<JsonObject> content) {
        return document(request, content, List.of());
    }

    /** The same with more header lines. */
    EndpointResponse document(EndpointRequest request, UnaryOperator<JsonObject> content, List<HeaderField> headers) {
        JsonObject json = new JsonObject();
        return respond(
                request,
                200,
                JSON,
                content.apply(profile == Profile.GUIDE ? json.with("success", true) : json),
                headers);
    }

    /** The same answer to a call that was counted. */
    EndpointResponse counted(EndpointResponse response, CallCount count) {
        return response.with(quota(count));
    }

    /** The last resort: says that something went wrong, in the default language, without a look at the request. */
    EndpointResponse unexpected(UUID instance) {
        return refused(EndpointRequest.of("").build(), Rejection.of(ProblemType.UNEXPECTED), instance);
    }

    EndpointResponse refused(EndpointRequest request, Rejection rejection) {
        return refused(request, rejection, UUID.randomUUID());
    }

    EndpointResponse refused(EndpointRequest request, Rejection rejection, UUID instance) {
        ProblemType problem = rejection.problem();
        int status = problem.status(profile);
        List<HeaderField> headers = new ArrayList<>();
        if (isChallenge(problem, status)) {
            headers.addAll(challenges.of(request, problem, rejection.reason()));
        }
        if (rejection.allow() != null) {
            headers.add(new HeaderField("Allow", rejection.allow()));
        }
        if (!rejection.retryAfter().isZero() && RETRIED.contains(status)) {
            headers.add(new HeaderField("Retry-After", Long.toString(wholeSeconds(rejection.retryAfter()))));
        }
        headers.addAll(cleared(rejection.clearing()));
        CallCount count = rejection.count();
        if (count != null) {
            headers.addAll(quota(count));
        }
        RefusalReason reason = rejection.reason();
        String key = reason == null ? problem.messageKey(profile) : reason.messageKey();
        String message = messages.text(messages.localeFor(request), key);
        JsonObject body = profile == Profile.GUIDE
                ? new JsonObject().with("success", false).with("message", message)
                : problem(rejection, status, message, instance);
        if (reason != null) {
            body.with("reason", reason.word());
        }
        return respond(request, status, profile == Profile.GUIDE ? JSON : PROBLEM_JSON, body, headers);
    }

    private List<HeaderField> cleared(Clearing clearing) {
        return switch (clearing) {
            case NOTHING -> List.of();
            case CREDENTIAL -> clearedCredential;
            case ALL -> clearedCookies;
        };
    }

    private EndpointResponse done(
            EndpointRequest request, String messageKey, UnaryOperator<JsonObject> more, List<HeaderField> headers) {
        if (profile == Profile.STANDARDS) {
            return respond(request, 204, null, null, headers);
        }
        Locale locale = messages.localeFor(request);
        JsonObject json = new JsonObject().with("success", true).with("message", messages.text(locale, messageKey));
        return respond(request, 200, JSON, more.apply(json), headers);
    }

    private EndpointResponse respond(
            EndpointRequest request,
            int status,
            @Nullable String mediaType,
            @Nullable JsonObject body,
            List<HeaderField> more) {
        List<HeaderField> headers = new ArrayList<>();
        if (mediaType != null) {
            headers.add(new HeaderField("Content-Type", mediaType));
        }
        headers.add(new HeaderField("Cache-Control", "no-store"));
        if (transportSecurity != null && request.isSecure()) {
            headers.add(new HeaderField("Strict-Transport-Security", transportSecurity));
        }
        headers.addAll(more);
        return new EndpointResponse(status, headers, body == null ? NO_BODY : body.bytes());
    }

    private JsonObject problem(Rejection rejection, int status, String detail, UUID instance) {
        ProblemType problem = rejection.problem();
        JsonObject json = new JsonObject();
        if (problem == ProblemType.TOO_MANY_CALLS) {
            json.with("type", QUOTA_TYPE);
        } else if (problemTypeBase != null) {
            json.with("type", problemTypeBase + problem.slug());
        }
        json.with("title", problem.title())
                .with("status", status)
                .with("detail", detail)
                .with("instance", "urn:uuid:" + instance);
        CallCount count = rejection.count();
        return problem == ProblemType.TOO_MANY_CALLS && count != null
                ? json.withTexts("violated-policies", List.of(count.policy()))
                : json;
    }

    /** The guide's profile has no word for quotas but 429 and {@code Retry-After}. */
    private List<HeaderField> quota(CallCount count) {
        return profile == Profile.STANDARDS ? count.headers() : List.of();
    }

    /** A 401 always names the scheme; other refusals only where RFC 6750 has a word for them. */
    private boolean isChallenge(ProblemType problem, int status) {
        return status == 401 || profile == Profile.STANDARDS && problem.challengeError() != null;
    }

    private static long wholeSeconds(Duration delay) {
        return Math.max(1, CallCount.wholeSeconds(delay));
    }
}
