package dev.curfew.http;

import dev.curfew.event.RequestContext;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure of a call into its answer, so that nothing is thrown at the host. Thread-safe. */
final class FailureMapper {
    private static final Logger LOG = LoggerFactory.getLogger(SessionEndpoints.class);

    private final Answers answers;

    FailureMapper(Answers answers) {
        this.answers = answers;
    }

    /** What is to be done for a request. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws Rejection;
    }

    EndpointResponse answer(String operation, EndpointRequest request, Call<EndpointResponse> call) {
        return run(operation, request, call, Function.identity());
    }

    <T> T run(String operation, EndpointRequest request, Call<T> call, Function<EndpointResponse, T> otherwise) {
        try {
            // So that the events of the call can be found in the host's own logs.
            RequestContext.Scope scope = CallContext.of(request).open();
            try {
                return call.run();
            } catch (Rejection rejection) {
                return otherwise.apply(answers.refused(request, rejection));
            } catch (CurfewException e) {
                if (e.isRetryable()) {
                    return otherwise.apply(outage(operation, request, e));
                }
                throw e;
            } finally {
                scope.close();
            }
        } catch (RuntimeException e) {
            return otherwise.apply(unexpected(operation, request, e));
        }
    }

    private EndpointResponse outage(String operation, EndpointRequest request, CurfewException e) {
        UUID instance = UUID.randomUUID();
        LOG.warn("{} failed, {}: {}", operation, instance, FailureText.of(e));
        return answers.refused(request, Rejection.unavailable(), instance);
    }

    private EndpointResponse unexpected(String operation, EndpointRequest request, RuntimeException e) {
        UUID instance = UUID.randomUUID();
        LOG.error("{} failed, {}", operation, instance, new RedactedException(e));
        try {
            return answers.refused(request, Rejection.of(ProblemType.UNEXPECTED), instance);
        } catch (RuntimeException again) {
            // Whatever the request did to the answer, this one asks nothing of it.
            return answers.unexpected(instance);
        }
    }
}
