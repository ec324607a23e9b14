package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.revocation.RevocationReason;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MessagesTest {
    private static final Locale SPANISH = Locale.forLanguageTag("es");

    private static Properties properties(String file) throws IOException {
        Properties properties = new Properties();
        properties.load(new InputStreamReader(
                Objects.requireNonNull(Messages.class.getResourceAsStream(file)), StandardCharsets.UTF_8));
        return properties;
    }

    @Test
    void both_languages_say_the_same_things() throws IOException {
        assertThat(properties("messages_es.properties").stringPropertyNames())
                .isEqualTo(properties("messages.properties").stringPropertyNames());
    }

    @ParameterizedTest
    @EnumSource
    void every_problem_has_its_words(ProblemType problem) {
        Messages messages = new Messages(Locale.ENGLISH);

        for (Profile profile : Profile.values()) {
            String key = problem.messageKey(profile);
            assertThat(messages.text(Locale.ENGLISH, key)).isNotBlank().isNotEqualTo(messages.text(SPANISH, key));
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_reason_has_its_words(RevocationReason reason) {
        Messages messages = new Messages(Locale.ENGLISH);
        String key = RefusalReason.of(reason).messageKey();

        assertThat(messages.text(Locale.ENGLISH, key)).isNotBlank().isNotEqualTo(messages.text(SPANISH, key));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "es                          | es",
                "es-MX                       | es",
                "ES-419,en;q=0.5             | es",
                "en-GB                       | en",
                "fr, es;q=0.9, en;q=0.8      | es",
                "fr, en;q=0.8, es;q=0.7      | en",
                "es;q=0, en;q=0.1            | en",
                "fr                          | en",
                "*                           | en",
                "''                          | en",
                "es;q=2                      | en",
                "es;;;                       | en",
                ";                           | en",
                "-                           | en",
                "<script>                    | en",
            })
    void theLanguageIsTheOneThatIsPreferred(String header, String language) {
        EndpointRequest request =
                EndpointRequest.of("POST").header("Accept-Language", header).build();

        assertThat(new Messages(Locale.ENGLISH).localeFor(request).getLanguage())
                .isEqualTo(language);
    }

    @Test
    void several_lines_are_one_list() {
        EndpointRequest request = EndpointRequest.of("POST")
                .header("accept-language", "fr")
                .header("Accept-Language", "es;q=0.5")
                .build();

        assertThat(new Messages(Locale.ENGLISH).localeFor(request)).isEqualTo(SPANISH);
    }

    @Test
    void an_endless_header_is_not_read() {
        EndpointRequest request = EndpointRequest.of("POST")
                .header("Accept-Language", "es," + "a-b-c-d,".repeat(100_000))
                .build();

        assertThat(new Messages(Locale.ENGLISH).localeFor(request)).isEqualTo(Locale.ENGLISH);
    }

    @Test
    void the_default_is_the_hosts_to_choose_and_not_the_machines() {
        Host host = Host.create();
        EndpointRequest request = EndpointRequest.of("POST").build();

        assertThat(host.endpoints()
                        .defaultLocale(Locale.forLanguageTag("es-AR"))
                        .build()
                        .logout(request)
                        .bodyText())
                .contains("Token no proporcionado o inválido");
        assertThat(host.endpoints().build().logout(request).bodyText()).contains("Token missing or invalid");
        assertThatThrownBy(() -> host.endpoints().defaultLocale(Locale.FRENCH))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
