package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.store.StoreUnavailableException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTextTest {
    private static final class MistakeException extends CurfewException {
        private static final long serialVersionUID = 1L;

        MistakeException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static Throwable wrapped(Throwable innermost) {
        return new IllegalStateException("outside", new IOException("a layer between", innermost));
    }

    @Test
    void of_nested_failure_names_innermost_cause() {
        assertThat(FailureText.of(wrapped(new UnknownHostException("db-1.internal"))))
                .isEqualTo("UnknownHostException: db-1.internal");
        assertThat(FailureText.of(new ConnectException("Connection refused")))
                .isEqualTo("ConnectException: Connection refused");
    }

    @Test
    void of_cause_without_message_names_what_is_around_it() {
        assertThat(FailureText.of(wrapped(new EOFException())))
                .isEqualTo("IOException: a layer between (EOFException)");
        assertThat(FailureText.of(new EOFException())).isEqualTo("EOFException");
        assertThat(FailureText.of(new RuntimeException(new EOFException())))
                .isEqualTo("RuntimeException (EOFException)");
    }

    @Test
    void of_a_mistake_that_curfew_has_found_says_first_what_to_do() {
        Throwable mistake = new MistakeException("call migrate()", new IOException("no such table \"sessions\""));

        assertThat(FailureText.of(wrapped(mistake)))
                .isEqualTo("MistakeException: call migrate() (IOException: no such table …)");
        assertThat(FailureText.of(new StoreUnavailableException("find", new ConnectException("refused"))))
                .isEqualTo("ConnectException: refused");
    }

    @Test
    void of_circle_ends() {
        IOException a = new IOException("a");
        IOException b = new IOException("b", a);
        a.initCause(b);
        assertThat(FailureText.of(a)).startsWith("IOException: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "FATAL: password authentication failed for user \"app\" | FATAL: password authentication "
                        + "failed for user …",
                "ERROR: could not extend file \"base/5/1\": No space left on device"
                        + " | ERROR: could not extend file …: No space left on device",
                "OOM command not allowed when used memory > 'maxmemory'. | OOM command not allowed when used "
                        + "memory > ….",
                "WRONGTYPE Operation against a key holding the wrong kind of value"
                        + " | WRONGTYPE Operation against a key holding the wrong kind of value",
                "You can't write against a read only replica. | You can't write against a read only replica.",
                "Duplicate entry 'secret' for key 'PRIMARY' | Duplicate entry … for key …",
                "Connection to db-1.prod.example:5432 refused. | Connection to db-1.prod.example:5432 refused.",
                "No suitable driver found for jdbc:mysql://db/shop?user=app&password=hunter2"
                        + " | No suitable driver found for jdbc:mysql://db/shop?…",
                "No suitable driver found for jdbc:sqlserver://db;user=app;password=hunter2"
                        + " | No suitable driver found for jdbc:sqlserver://db;…",
                "Cannot connect to redis://app:hunter2@db:6379 | Cannot connect to redis://…@db:6379",
                "refused with password=hunter2, as it seems | refused with password=…, as it seems",
                "Key (id)=(secret) already exists. | Key (id… already exists.",
                "an open quote 'secret | an open quote …",
            })
    void of_message_of_server_keeps_what_it_means_and_nothing_that_it_quotes(String message, String expected) {
        assertThat(FailureText.of(new IOException(message.strip()))).isEqualTo("IOException: " + expected.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLWluLWJhc2U2NHVybA9X",
                "q83vEjRWeJq83vEjRWeJASNFZ4mrze8BI0VniavN7w",
                "\\xdeadbeefdeadbeefdeadbeefdeadbeef",
                "0123456789abcdef0123456789abcdef",
            })
    void of_message_with_secret_leaves_it_out(String secret) {
        String text = FailureText.of(new IOException("cannot take " + secret + " here"));
        assertThat(text).startsWith("IOException: cannot take ").endsWith(" here");
        for (String part : secret.split("\\.", -1)) {
            assertThat(text).doesNotContain(part);
        }
    }

    @Test
    void of_long_or_many_lined_is_one_short_line() {
        assertThat(FailureText.of(new IOException("first\nsecond: value"))).isEqualTo("IOException: first");
        assertThat(FailureText.of(new IOException("a ".repeat(5_000)))).hasSizeLessThan(300);
    }

    @Test
    void a_surrogate_pair_is_never_cut_in_two() {
        String text = FailureText.of(new IllegalStateException("a ".repeat(119) + "b\ud83d\ude00 c"));

        assertThat(text).isEqualTo("IllegalStateException: " + "a ".repeat(119) + "b…");
    }
}
