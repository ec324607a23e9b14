package dev.curfew.jose;

import dev.curfew.jose.UnreadableTokenException.Flaw;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token of good form, of which nothing is believed yet. Immutable.
 *
 * @param form the three parts
 * @param header what counts of the header
 * @param claims the payload
 */
public record ParsedToken(CompactForm form, TokenHeader header, Map<String, @Nullable Object> claims) {

    public static ParsedToken parse(String compact, int maxLength) throws UnreadableTokenException {
        CompactForm form = CompactForm.parse(compact, maxLength);
        try {
            Map<String, @Nullable Object> header = StrictJson.object(form.header());
            return new ParsedToken(form, TokenHeader.read(header), StrictJson.object(form.payload()));
        } catch (NotStrictJsonException e) {
            throw new UnreadableTokenException(Flaw.MALFORMED, "header or payload is not a strict JSON object");
        }
    }

    public String signingInput() {
        return form.signingInput();
    }

    /** Shows nothing of an unverified text. */
    @Override
    public String toString() {
        return "ParsedToken";
    }
}
