package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.session.Realm;
import dev.curfew.token.EventToken;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.InvalidEventTokenException;
import dev.curfew.token.TokenKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The status list token that the working group publishes (examples/status_list_jwt_raw.md of
 * oauth-wg/draft-ietf-oauth-status-list, commit 2fb61cd), verified with the public half of its example key.
 */
class StatusListRawExampleTest {
    private static final Instant ISSUED = Instant.ofEpochSecond(1_686_920_170);

    private static final String RAW = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjEyIiwidHlwIjoic3RhdHVzbGlzdCtqd3QifQ.e"
            + "yJleHAiOjIyOTE3MjAxNzAsImlhdCI6MTY4NjkyMDE3MCwiaXNzIjoiaHR0cHM6Ly9le"
            + "GFtcGxlLmNvbSIsInN0YXR1c19saXN0Ijp7ImJpdHMiOjEsImxzdCI6ImVOcmJ1UmdBQ"
            + "WhjQlhRIn0sInN1YiI6Imh0dHBzOi8vZXhhbXBsZS5jb20vc3RhdHVzbGlzdHMvMSIsI"
            + "nR0bCI6NDMyMDB9.2lKUUNG503R9htu4aHAYi7vjmr3sgApbfoDvPrl65N3URUO1EYqq"
            + "Ql45Jfzd-Av4QzlKa3oVALpLwOEUOq-U_g";

    private static EventTokenVerifier at(Instant now) {
        return EventTokenVerifier.of(
                EventTokenPolicy.of(Profile.STATUS_LIST, Realm.of("example"), "https://example.com")
                        .keys(TokenKeys.ofJwkSet("{\"keys\":[{\"kty\":\"EC\",\"use\":\"sig\",\"crv\":\"P-256\","
                                + "\"x\":\"I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo\","
                                + "\"y\":\"6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M\","
                                + "\"kid\":\"12\",\"alg\":\"ES256\"}]}"))
                        .algorithms("ES256")
                        .build(),
                Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void the_published_example_is_read_as_it_is_described() {
        EventToken token = at(ISSUED.plusSeconds(60)).verify(RAW);

        assertThat(token.subject()).contains("https://example.com/statuslists/1");
        HeldList held = HeldList.of(token, Duration.ZERO);
        assertThat(held.issuedAt()).isEqualTo(ISSUED);
        assertThat(held.expiresAt()).isEqualTo(Instant.ofEpochSecond(2_291_720_170L));
        assertThat(held.ttl()).isEqualTo(Duration.ofHours(12));
        assertThat(IntStream.range(0, (int) held.list().size()).map(held.list()::get))
                .containsExactly(1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1);
    }

    @Test
    void it_is_refused_after_its_end_and_with_one_character_changed() {
        EventTokenVerifier late = at(Instant.ofEpochSecond(2_291_720_170L).plusSeconds(11));
        assertThatExceptionOfType(InvalidEventTokenException.class).isThrownBy(() -> late.verify(RAW));
        EventTokenVerifier verifier = at(ISSUED.plusSeconds(60));
        for (int i = 0; i < RAW.length(); i += 37) {
            String other = RAW.substring(0, i) + (RAW.charAt(i) == 'A' ? 'B' : 'A') + RAW.substring(i + 1);
            assertThatExceptionOfType(InvalidEventTokenException.class).isThrownBy(() -> verifier.verify(other));
        }
    }
}
