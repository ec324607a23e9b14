package dev.curfew.examples.jaxrs;

import dev.curfew.http.RequestFilter;
import dev.curfew.session.CurfewException;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what resources throw, an outage as the endpoints answer it. It maps everything, because the response filter,
 * which closes the scope of the request, does not run for what nobody maps. Thread-safe.
 */
public final class FailureMapper implements ExceptionMapper<RuntimeException> {
    private static final Logger LOG = LoggerFactory.getLogger(FailureMapper.class);

    private final RequestFilter filter;
    private final Provider<ContainerRequestContext> http;

    /** Made by Jersey. */
    @Inject
    public FailureMapper(RequestFilter filter, Provider<ContainerRequestContext> http) {
        this.filter = filter;
        this.http = http;
    }

    @Override
    public Response toResponse(RuntimeException failure) {
        if (failure instanceof CurfewException ofCurfew) {
            return CurfewFilter.toJaxRs(filter.endpoints().failed(CurfewFilter.request(http.get()), ofCurfew));
        }
        if (failure instanceof WebApplicationException answer) {
            return answer.getResponse();
        }
        LOG.error("a request failed", failure);
        return Response.serverError().build();
    }
}
