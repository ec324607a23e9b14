package dev.curfew.examples.vertx;

import dev.curfew.event.RequestContext;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.FilterResult;
import dev.curfew.http.FilterResult.Answered;
import dev.curfew.http.FilterResult.Passed;
import dev.curfew.http.RequestFilter;
import dev.curfew.session.CurfewException;
import dev.curfew.token.Caller;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * Has Curfew decide on each request, in front of all routes: on the event loop if nothing has to be waited for, else on
 * a worker. Thread-safe.
 */
final class CurfewHandler implements Handler<RoutingContext> {
    private static final String REQUEST = "curfew.request";
    private static final String PASSED = "curfew.passed";

    private final RequestFilter filter;

    CurfewHandler(RequestFilter filter) {
        this.filter = filter;
    }

    @Override
    public void handle(RoutingContext routing) {
        HttpServerRequest http = routing.request();
        if (filter.isEndpoint(http.uri())) {
            // The endpoints ask the store.
            body(http).onFailure(routing::fail).onSuccess(body -> filterOnWorker(routing, received(http, body)));
            return;
        }
        // The body is for the route behind, which reads it when the request has passed.
        EndpointRequest request = received(http, Buffer.buffer());
        filter.filterNow(http.uri(), request)
                .ifPresentOrElse(result -> goOn(routing, request, result), () -> filterOnWorker(routing, request));
    }

    private void filterOnWorker(RoutingContext routing, EndpointRequest request) {
        HttpServerRequest http = routing.request().pause();
        routing.vertx()
                .executeBlocking(() -> filter.filter(http.uri(), request), false)
                .onFailure(routing::fail)
                .onSuccess(result -> goOn(routing, request, result))
                .onComplete(done -> http.resume());
    }

    private static void goOn(RoutingContext routing, EndpointRequest request, FilterResult result) {
        if (result instanceof Answered answered) {
            write(routing.response(), answered.response());
        } else {
            routing.put(REQUEST, request);
            routing.put(PASSED, result);
            routing.next();
        }
    }

    private static EndpointRequest received(HttpServerRequest http, Buffer body) {
        EndpointRequest.Builder request = EndpointRequest.of(http.method().name())
                // Of the connection: behind a proxy of your own, add TrustedProxies.
                .clientAddress(http.remoteAddress().hostAddress())
                .secure(http.isSSL())
                .body(body.getBytes());
        http.headers().forEach(header -> request.header(header.getKey(), header.getValue()));
        return request.build();
    }

    private static void write(HttpServerResponse out, EndpointResponse answer) {
        answer.writeHead(out::setStatusCode, out.headers()::set, out.headers()::add);
        out.end(Buffer.buffer(answer.body()));
    }

    /** One byte more than is allowed tells enough; what follows is dropped as it comes. */
    private Future<Buffer> body(HttpServerRequest http) {
        Promise<Buffer> whole = Promise.promise();
        Buffer read = Buffer.buffer();
        http.handler(part -> {
            if (read.length() <= filter.endpoints().maxBodyBytes()) {
                read.appendBuffer(part);
            }
            if (read.length() > filter.endpoints().maxBodyBytes()) {
                whole.tryComplete(read);
            }
        });
        http.exceptionHandler(whole::tryFail);
        http.endHandler(end -> whole.tryComplete(read));
        return whole.future();
    }

    /** The request as Curfew reads it. */
    static EndpointRequest request(RoutingContext routing) {
        return Objects.requireNonNull(routing.<EndpointRequest>get(REQUEST));
    }

    /** Who calls a route that is not open. */
    static Caller caller(RoutingContext routing) {
        return passed(routing).caller().orElseThrow();
    }

    /** For work that blocks: in the request's scope, so that events of it can be found. */
    static Handler<RoutingContext> scoped(Handler<RoutingContext> work) {
        return routing -> {
            RequestContext.Scope scope = passed(routing).context().open();
            try {
                work.handle(routing);
            } finally {
                scope.close();
            }
        };
    }

    private static Passed passed(RoutingContext routing) {
        return Objects.requireNonNull(routing.<Passed>get(PASSED));
    }

    /** What a route throws during an outage is answered as the endpoints answer it. */
    void failed(RoutingContext routing) {
        if (routing.failure() instanceof CurfewException failure) {
            write(routing.response(), filter.endpoints().failed(request(routing), failure));
        } else {
            routing.next();
        }
    }
}
