package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.curfew.http.UnreadableFormException.Flaw;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one reader of forms. */
class FormParametersTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    private static EndpointRequest request(String contentType, byte[] body) {
        return EndpointRequest.of("POST")
                .header("Content-Type", contentType)
                .body(body)
                .build();
    }

    private static FormParameters form(String body) throws UnreadableFormException {
        return request(FORM, body.getBytes(StandardCharsets.ISO_8859_1)).form();
    }

    private static Flaw flaw(EndpointRequest request) {
        return catchThrowableOfType(UnreadableFormException.class, request::form)
                .flaw();
    }

    @Test
    void values_are_decoded_as_forms_are() throws UnreadableFormException {
        FormParameters form = form("a=%C3%A9t%c3%a9+%2B+1&b=x%3Dy%26z&c=1=2&%64=four");

        assertThat(form.find("a")).contains("été + 1");
        assertThat(form.find("b")).contains("x=y&z");
        assertThat(form.find("c")).contains("1=2");
        assertThat(form.find("d")).contains("four");
    }

    @Test
    void a_parameter_without_a_value_is_as_if_it_had_not_come() throws UnreadableFormException {
        FormParameters form = form("a=&b&&c=1&");

        assertThat(form.find("a")).isEmpty();
        assertThat(form.find("b")).isEmpty();
        assertThat(form.find("c")).contains("1");
        assertThat(form.find("")).isEmpty();
        assertThat(form.repeated()).isEmpty();
    }

    @Test
    void a_parameter_that_comes_twice_is_refused_by_who_reads_it_once() throws UnreadableFormException {
        FormParameters form = form("a=1&a=1&resource=x&b=2&b&resource=y");

        assertThat(form.repeated()).containsExactly("a", "resource", "b");
        assertThat(form.all("resource")).containsExactly("x", "y");
        for (String name : new String[] {"a", "b", "resource"}) {
            assertThat(catchThrowableOfType(UnreadableFormException.class, () -> form.find(name))
                            .flaw())
                    .isEqualTo(Flaw.REPEATED);
        }
    }

    @Test
    void a_name_that_is_spelled_in_two_ways_comes_twice() throws UnreadableFormException {
        assertThat(form("token=1&%74oken=2").repeated()).containsExactly("token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=%",
                "a=%4",
                "a=%G0",
                "a=%C3",
                "a=%FF",
                "a=%C0%80",
                "a=%ED%A0%80",
                "a=b c",
                "a=\u00e9",
                "a=b\n",
                "\u0000=1"
            })
    void what_is_not_encoded_or_not_utf_8_is_malformed(String body) {
        assertThat(flaw(request(FORM, body.getBytes(StandardCharsets.ISO_8859_1))))
                .isEqualTo(Flaw.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencodedx", ""
            })
    void another_media_type_is_refused(String contentType) {
        assertThat(flaw(request(contentType, new byte[0]))).isEqualTo(Flaw.MEDIA_TYPE);
    }

    @Test
    void no_media_type_and_two_of_them_are_refused() {
        assertThat(flaw(EndpointRequest.of("POST").build())).isEqualTo(Flaw.MEDIA_TYPE);
        assertThat(flaw(EndpointRequest.of("POST")
                        .header("Content-Type", FORM)
                        .header("content-type", FORM)
                        .build()))
                .isEqualTo(Flaw.MEDIA_TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {FORM, "Application/X-WWW-Form-Urlencoded", FORM + "; charset=UTF-8", FORM + " ;charset=utf-8"})
    void the_media_type_may_have_parameters_and_any_case(String contentType) throws UnreadableFormException {
        assertThat(request(contentType, "a=1".getBytes(StandardCharsets.UTF_8))
                        .form()
                        .find("a"))
                .contains("1");
    }

    @Test
    void the_longest_form_is_read_and_one_byte_more_is_too_large() throws UnreadableFormException {
        byte[] longest = ("a=" + "x".repeat(FormParameters.MAX_BYTES - 2)).getBytes(StandardCharsets.US_ASCII);
        byte[] longer = ("a=" + "x".repeat(FormParameters.MAX_BYTES - 1)).getBytes(StandardCharsets.US_ASCII);

        assertThat(request(FORM, longest).form().find("a")).isPresent();
        assertThat(flaw(request(FORM, longer))).isEqualTo(Flaw.TOO_LARGE);
        assertThat(flaw(request("text/plain", longer))).isEqualTo(Flaw.TOO_LARGE);
    }

    @Test
    void nothing_of_a_form_comes_to_a_log() throws UnreadableFormException {
        assertThat(form("client_secret=hush")).hasToString("FormParameters[1]");
        assertThat(catchThrowableOfType(UnreadableFormException.class, () -> form("hush=%"))
                        .getMessage())
                .doesNotContain("hush");
    }
}
