package dev.curfew.http;

import dev.curfew.event.RequestContext;
import dev.curfew.meter.TroubleLog;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.token.ReauthenticationRequiredException;
import dev.curfew.work.RedactedException;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure of a call into its answer, so that nothing is thrown at the host. Thread-safe. */
final class FailureMapper {
    private static final Logger LOG = LoggerFactory.getLogger(SessionEndpoints.class);

    /** So that nobody has to guess why all calls are answered so, which the GUIDE profile calls 500. */
    private final TroubleLog unanswered = new TroubleLog(
            SessionEndpoints.class,
            "calls are answered as in an outage (503, or 500 in the GUIDE profile)",
            "calls are answered again",
            System::nanoTime);

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
        return run(operation, request, () -> known(call.run()), Function.identity());
    }

    /** Passes an answer on that took somebody who could say whether credentials are revoked: no outage goes on. */
    <T> T known(T answer) {
        unanswered.worked();
        return answer;
    }

    <T> T run(String operation, EndpointRequest request, Call<T> call, Function<EndpointResponse, T> otherwise) {
        try {
            // So that the events of the call can be found in the host's own logs.
            RequestContext.Scope scope = CallContext.of(request).open();
            try {
                return call.run();
            } catch (Rejection rejection) {
                if (rejection.problem() == ProblemType.UNAVAILABLE) {
                    unanswered.failed(
                            "nobody can say whether the credentials are revoked; SessionService.health() says why");
                }
                return otherwise.apply(answers.refused(request, rejection));
            } catch (ReauthenticationRequiredException demand) {
                return otherwise.apply(answers.refused(request, Rejection.demanding(demand)));
            } catch (CurfewException e) {
                if (e.isRetryable()) {
                    return otherwise.apply(outage(operation, request, e));
                }
                throw e;
            } finally {
                scope.close();
            }
        } catch (Exception e) {
            // What hosts write may throw checked exceptions undeclared.
            return otherwise.apply(unexpected(operation, request, e));
        }
    }

    private EndpointResponse outage(String operation, EndpointRequest request, CurfewException e) {
        UUID instance = UUID.randomUUID();
        LOG.warn("{} failed, {}: {}", operation, instance, FailureText.of(e));
        return answers.refused(request, Rejection.unavailable(), instance);
    }

    private EndpointResponse unexpected(String operation, EndpointRequest request, Exception e) {
        UUID instance = UUID.randomUUID();
        if (e instanceof CurfewException) {
            // Our own sentences quote nothing, and say more than where they were thrown.
            LOG.error("{} failed, {}: {}", operation, instance, FailureText.of(e));
        } else {
            LOG.error("{} failed, {}", operation, instance, new RedactedException(e));
        }
        try {
            return answers.refused(request, Rejection.of(ProblemType.UNEXPECTED), instance);
        } catch (RuntimeException again) {
            // Whatever the request did to the answer, this one asks nothing of it.
            return answers.unexpected(instance);
        }
    }
}
