package dev.curfew.examples.javalin;

import dev.curfew.event.RequestContext;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.FilterResult;
import dev.curfew.http.RequestFilter;
import dev.curfew.session.CurfewException;
import dev.curfew.token.Caller;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Collections;
import java.util.Objects;

/** Stands in front of all routes: what passes has a caller, or is open to everybody. Thread-safe. */
final class CurfewHandler {
    private static final String REQUEST = "curfew.request";
    private static final String CALLER = "curfew.caller";
    private static final String SCOPE = "curfew.scope";

    private final RequestFilter filter;

    CurfewHandler(RequestFilter filter) {
        this.filter = filter;
    }

    /** Before all other routes, so that no handler is asked first. */
    void addTo(RoutesConfig routes) {
        routes.before(this::before);
        routes.after(ctx -> Objects.requireNonNull(ctx.<RequestContext.Scope>attribute(SCOPE))
                .close());
        routes.exception(
                CurfewException.class, (e, ctx) -> write(filter.endpoints().failed(request(ctx), e), ctx));
    }

    /** Who has passed; there is somebody wherever a path was not opened. */
    Caller caller(Context ctx) {
        return Objects.requireNonNull(ctx.<Caller>attribute(CALLER), "only an open path has no caller");
    }

    EndpointRequest request(Context ctx) {
        return Objects.requireNonNull(ctx.<EndpointRequest>attribute(REQUEST));
    }

    private void before(Context ctx) throws IOException {
        // As it was received: the parameters of a route are decoded.
        String target = ctx.queryString() == null ? ctx.path() : ctx.path() + "?" + ctx.queryString();
        // Not ctx.headerMap(), which has one line of each name.
        EndpointRequest.Builder request = EndpointRequest.of(ctx.req().getMethod())
                .headers(
                        Collections.list(ctx.req().getHeaderNames()),
                        name -> Collections.list(ctx.req().getHeaders(name)))
                .clientAddress(ctx.ip())
                .secure(ctx.req().isSecure());
        if (filter.isEndpoint(target)) {
            request.body(ctx.req().getInputStream(), filter.endpoints().maxBodyBytes());
        }
        ctx.attribute(REQUEST, request.build());
        FilterResult result = filter.filter(target, request(ctx));
        if (result instanceof FilterResult.Answered answered) {
            write(answered.response(), ctx);
            ctx.skipRemainingHandlers();
        } else if (result instanceof FilterResult.Passed passed) {
            ctx.attribute(CALLER, passed.caller().orElse(null));
            ctx.attribute(SCOPE, passed.context().open());
        }
    }

    /** Not ctx.header(), which has one line of each name. */
    private static void write(EndpointResponse answer, Context ctx) {
        answer.writeHead(ctx::status, ctx.res()::setHeader, ctx.res()::addHeader);
        ctx.result(answer.body());
    }
}
