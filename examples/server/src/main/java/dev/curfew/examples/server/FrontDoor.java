package dev.curfew.examples.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.curfew.event.RequestContext;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointRouter;
import dev.curfew.store.StoreFullException;
import dev.curfew.store.StoreUnavailableException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets every request in, and finds who answers it; nothing that goes wrong inside gets out. */
final class FrontDoor implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

    private final EndpointRouter curfew;
    private final EventStreams events;
    private final Map<String, Map<String, Handler>> ours = new LinkedHashMap<>();

    FrontDoor(EndpointRouter curfew, EventStreams events) {
        this.curfew = curfew;
        this.events = events;
    }

    FrontDoor on(String method, String path, Handler handler) {
        ours.computeIfAbsent(path, none -> new LinkedHashMap<>()).put(method, handler);
        return this;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        boolean isTakenOver = false;
        try {
            EndpointRequest request = Exchanges.read(exchange);
            Optional<Reply> reply = answer(exchange, request);
            isTakenOver = reply.isEmpty();
            if (reply.isPresent()) {
                Exchanges.write(exchange, reply.get());
            }
        } finally {
            if (!isTakenOver) {
                exchange.close();
            }
        }
    }

    /** Nothing if the answer is a stream, which goes on. */
    private Optional<Reply> answer(HttpExchange exchange, EndpointRequest request) {
        String target = Exchanges.target(exchange);
        return request.method().equals("GET") && path(target).equals(EventStreams.PATH)
                ? answer(request, () -> events.open(exchange, request))
                : answer(request, () -> Optional.of(answer(target, request)));
    }

    private static Optional<Reply> answer(EndpointRequest request, Supplier<Optional<Reply>> work) {
        // So that the audit says from where a login came; Curfew's own endpoints do this by themselves.
        RequestContext context =
                RequestContext.none().withAddress(request.clientAddress().orElse(""));
        RequestContext.Scope scope = context.open();
        try {
            return work.get();
        } catch (Refusal refusal) {
            return Optional.of(refusal.toReply(request));
        } catch (StoreUnavailableException | StoreFullException e) {
            LOG.warn("store not available: {}", e.getMessage());
            return Optional.of(new Refusal(503, Text.TRY_LATER).toReply(request).with("Retry-After", "1"));
        } catch (RuntimeException e) {
            LOG.error("a request failed", e);
            return Optional.of(new Refusal(500, Text.FAILED).toReply(request));
        } finally {
            scope.close();
        }
    }

    private Reply answer(String target, EndpointRequest request) {
        return curfew.route(target, request).map(Reply::of).orElseGet(() -> ourAnswer(target, request));
    }

    private Reply ourAnswer(String target, EndpointRequest request) {
        Map<String, Handler> methods = ours.get(path(target));
        if (methods == null) {
            throw new Refusal(404, Text.NOT_FOUND);
        }
        Handler handler = methods.get(request.method());
        if (handler == null) {
            String allowed = String.join(", ", methods.keySet());
            return new Refusal(405, Text.WRONG_METHOD).toReply(request).with("Allow", allowed);
        }
        return handler.handle(request);
    }

    private static String path(String target) {
        return target.split("\\?", 2)[0];
    }
}
