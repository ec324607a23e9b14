package dev.curfew.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class EndpointFailuresTest {
    private final EndpointFailures failures = new EndpointFailures(EndpointFailuresTest.class);

    @Test
    void a_checked_exception_that_a_host_threw_undeclared_is_answered_too() {
        EndpointRequest request = EndpointRequest.of("POST").build();

        EndpointResponse answer = failures.answer(request, () -> {
            new Undeclared<RuntimeException>().raise(new IOException("of the host's"));
            throw new AssertionError("nothing was thrown");
        });

        assertThat(answer.status()).isEqualTo(500);
    }

    /** Throws what it does not declare, as Kotlin and some generated code do. */
    private static final class Undeclared<E extends Exception> {
        @SuppressWarnings({"unchecked", "DoNotCallSuggester"})
        void raise(Exception thrown) throws E {
            throw (E) thrown;
        }
    }
}
