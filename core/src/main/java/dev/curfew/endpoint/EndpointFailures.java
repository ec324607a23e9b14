package dev.curfew.endpoint;

import dev.curfew.event.RequestContext;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.UnreadableFormException;
import dev.curfew.meter.TroubleLog;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.work.RedactedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every failure of a call into its answer, so that nothing is thrown at the host: what waiting mends into 503,
 * all else into 500. Thread-safe.
 */
public final class EndpointFailures {
    private final Logger log;
    private final TroubleLog unanswered;

    /** Logs in the name of an endpoint. */
    public EndpointFailures(Class<?> endpoint) {
        this.log = LoggerFactory.getLogger(endpoint);
        this.unanswered =
                new TroubleLog(endpoint, "calls are answered 503", "calls are answered again", System::nanoTime);
    }

    /** What is to be done for a request. */
    @FunctionalInterface
    public interface Call {
        EndpointResponse run() throws RefusedRequestException, UnreadableFormException;
    }

    /** Answers a request, whose name in logs holds as long. */
    @SuppressWarnings("try")
    public EndpointResponse answer(EndpointRequest request, Call call) {
        try (RequestContext.Scope scope = request.context().open()) {
            EndpointResponse answer = call.run();
            unanswered.worked();
            return answer;
        } catch (RefusedRequestException e) {
            return e.answer();
        } catch (UnreadableFormException e) {
            return EndpointAnswers.error(e.flaw().status(), "invalid_request", String.valueOf(e.getMessage()));
        } catch (CurfewException e) {
            if (e.isRetryable()) {
                unanswered.failed(e);
                return EndpointAnswers.unavailable();
            }
            // Our own sentences quote nothing, and say more than where they were thrown.
            log.error("a call failed: {}", FailureText.of(e));
            return unexpected();
        } catch (Exception e) {
            // What hosts write may throw checked exceptions undeclared.
            log.error("a call failed", new RedactedException(e));
            return unexpected();
        }
    }

    private static EndpointResponse unexpected() {
        return EndpointAnswers.error(500, "server_error", "something went wrong, and the log says what");
    }
}
