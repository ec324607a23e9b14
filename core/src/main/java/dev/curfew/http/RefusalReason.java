package dev.curfew.http;

import dev.curfew.revocation.RevocationReason;
import dev.curfew.token.ReauthenticationRequiredException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Why a call was refused, for who may know it: a word for programs and a text for people. Immutable.
 *
 * @param word which never changes its meaning
 * @param messageKey of the text
 * @param challenge what the challenge says beside its error, each parameter behind a comma; may be empty
 */
record RefusalReason(String word, String messageKey, String challenge) {
    /** The credential was exchanged for another one, with which the call may be repeated. */
    static final RefusalReason SUPERSEDED = new RefusalReason("superseded", "token.superseded", "");

    /** The word of RFC 9470, which stands in the challenge as well. */
    static final String REAUTHENTICATION = "insufficient_user_authentication";

    /** Why the session or the token was ended. */
    static RefusalReason of(RevocationReason reason) {
        String word = reason.name().toLowerCase(Locale.ROOT);
        return new RefusalReason(word, "ended." + word, "");
    }

    /** A proof that is missing, with the parameters of RFC 9470 section 3; without the classes that no header holds. */
    static RefusalReason of(ReauthenticationRequiredException demand) {
        Duration maxAge = demand.maxAge();
        List<String> classes = demand.acrValues();
        String writable = classes.stream().filter(RefusalReason::isWritable).collect(Collectors.joining(" "));
        return new RefusalReason(
                REAUTHENTICATION,
                "authentication.insufficient",
                ", max_age=" + HttpText.quote(Long.toString(Math.max(0, maxAge.toSeconds())))
                        + (writable.isEmpty() ? "" : ", acr_values=" + HttpText.quote(writable)));
    }

    /** Whether a class can stand in a list that blanks divide. */
    static boolean isWritable(String acr) {
        return !acr.isEmpty() && acr.chars().allMatch(HttpText::isVisible);
    }
}
