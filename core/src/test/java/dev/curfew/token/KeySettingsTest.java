package dev.curfew.token;

import static dev.curfew.token.TokenKeysTest.rsa;
import static dev.curfew.token.TokenKeysTest.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which settings of keys are taken, up to the last one that is. */
class KeySettingsTest {
    private static final Map<String, BiFunction<RemoteKeyOptions.Builder, Duration, RemoteKeyOptions.Builder>>
            DURATIONS = Map.of(
                    "maxAge", RemoteKeyOptions.Builder::maxAge,
                    "usableFor", RemoteKeyOptions.Builder::usableFor,
                    "refreshAtMostEvery", RemoteKeyOptions.Builder::refreshAtMostEvery,
                    "timeout", RemoteKeyOptions.Builder::timeout);

    @ParameterizedTest
    @ValueSource(strings = {"maxAge", "usableFor", "refreshAtMostEvery", "timeout"})
    void a_duration_is_positive_and_at_most_a_year(String setting) {
        BiFunction<RemoteKeyOptions.Builder, Duration, RemoteKeyOptions.Builder> set = DURATIONS.get(setting);
        Duration year = Duration.ofDays(365);

        assertThat(set.apply(RemoteKeyOptions.builder(), Duration.ofNanos(1))).isNotNull();
        assertThat(set.apply(RemoteKeyOptions.builder(), year)).isNotNull();
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofNanos(-1), year.plusNanos(1)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> set.apply(RemoteKeyOptions.builder(), wrong))
                    .withMessageContaining(setting);
        }
    }

    @Test
    void old_keys_may_serve_just_as_long_as_fresh_ones_and_not_shorter() {
        RemoteKeyOptions.Builder builder = RemoteKeyOptions.builder().maxAge(Duration.ofHours(2));

        assertThat(builder.usableFor(Duration.ofHours(2)).build()).isNotNull();
        builder.usableFor(Duration.ofHours(2).minusNanos(1));
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("usableFor");
    }

    @Test
    void an_answer_may_be_limited_to_a_single_byte_and_not_to_none() {
        assertThat(RemoteKeyOptions.builder().maxBytes(1).build().settings().maxBytes())
                .isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteKeyOptions.builder().maxBytes(0))
                .withMessageContaining("maxBytes");
    }

    @Test
    void a_single_caller_may_wait_and_not_none() {
        assertThat(RemoteKeyOptions.builder().waitingAtMost(1).build()).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteKeyOptions.builder().waitingAtMost(0))
                .withMessageContaining("waitingAtMost");
    }

    @Test
    void a_set_may_have_a_hundred_keys() {
        String[] keys = IntStream.range(0, 100)
                .mapToObj(i -> rsa(TestIssuer.RSA.getPublic(), "k" + i))
                .toArray(String[]::new);

        assertThat(TokenKeys.ofJwkSet(set(keys)).source().current().size()).isEqualTo(100);
    }

    @Test
    void what_is_shown_of_keys_is_how_many_there_are() {
        TokenKeys two = TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic())
                .and(TokenKeys.ofPublicKey(TestIssuer.P256.getPublic()));

        assertThat(two).hasToString("TokenKeys[2]");
        assertThat(TokenKeys.verifiedElsewhere()).hasToString("TokenKeys");
    }
}
