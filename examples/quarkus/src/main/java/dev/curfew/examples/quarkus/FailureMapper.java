package dev.curfew.examples.quarkus;

import dev.curfew.examples.hosts.Shop;
import dev.curfew.http.EndpointResponse;
import dev.curfew.session.CurfewException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers what resources throw during an outage as the endpoints answer it. Thread-safe. */
@Provider
public class FailureMapper implements ExceptionMapper<CurfewException> {
    private final Shop shop;
    private final RoutingContext routing;

    FailureMapper(Shop shop, RoutingContext routing) {
        this.shop = shop;
        this.routing = routing;
    }

    @Override
    public Response toResponse(CurfewException failure) {
        EndpointResponse answer = shop.endpoints().failed(CurfewFilter.request(routing), failure);
        Response.ResponseBuilder response = Response.ok(answer.body());
        answer.writeHead(response::status, response::header, response::header);
        return response.build();
    }
}
