package dev.curfew.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a client is asked to authenticate with (RFC 6750 section 3, RFC 9449 section 7.1). Immutable.
 *
 * @param realmName that each challenge names
 * @param dpopAlgorithms of proofs that the host verifies, or null if it verifies none
 * @param resourceMetadata where the resource is described (RFC 9728 section 5.1), or null if that is not said
 */
record Challenges(
        String realmName,
        @Nullable String dpopAlgorithms,
        @Nullable String resourceMetadata) {
    private static final String NAME = "WWW-Authenticate";

    /** One line for each scheme; the error stands in that of the scheme by which the credential came. */
    List<HeaderField> of(EndpointRequest request, ProblemType problem, @Nullable RefusalReason reason) {
        String error = error(problem, reason);
        String realm = " realm=" + HttpText.quote(realmName)
                + (resourceMetadata == null ? "" : ", resource_metadata=" + HttpText.quote(resourceMetadata));
        if (dpopAlgorithms == null) {
            return List.of(new HeaderField(NAME, "Bearer" + realm + error));
        }
        boolean isDpop = Credentials.comesByDpop(request);
        return List.of(
                new HeaderField(NAME, "Bearer" + realm + (isDpop ? "" : error)),
                new HeaderField(
                        NAME, "DPoP" + realm + (isDpop ? error : "") + ", algs=" + HttpText.quote(dpopAlgorithms)));
    }

    /** Nothing if no credential came. */
    private static String error(ProblemType problem, @Nullable RefusalReason reason) {
        String error = problem.challengeError();
        return error == null
                ? ""
                : ", error=\"" + error + "\", error_description=\"" + problem.challengeDescription() + "\""
                        + (reason == null ? "" : reason.challenge());
    }
}
