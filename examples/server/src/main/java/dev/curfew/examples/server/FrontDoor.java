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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets every request in, and finds who answers it; nothing that goes wrong inside gets out. */
final class FrontDoor implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

    private final EndpointRouter curfew;
    private final Map<String, Map<String, Handler>> ours = new LinkedHashMap<>();

    FrontDoor(EndpointRouter curfew) {
        this.curfew = curfew;
    }

    FrontDoor on(String method, String path, Handler handler) {
        ours.computeIfAbsent(path, none -> new LinkedHashMap<>()).put(method, handler);
        return this;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Exchanges.write(exchange, answer(Exchanges.target(exchange), Exchanges.read(exchange)));
        }
    }

    private Reply answer(String target, EndpointRequest request) {
        // So that the audit says from where a login came; Curfew's own endpoints do this by themselves.
        RequestContext context =
                RequestContext.none().withAddress(request.clientAddress().orElse(""));
        RequestContext.Scope scope = context.open();
        try {
            Optional<Reply> answer = curfew.route(target, request).map(Reply::of);
            return answer.isPresent() ? answer.get() : ourAnswer(target, request);
        } catch (Refusal refusal) {
            return refusal.toReply(request);
        } catch (StoreUnavailableException | StoreFullException e) {
            LOG.warn("store not available: {}", e.getMessage());
            return new Refusal(503, Text.TRY_LATER).toReply(request).with("Retry-After", "1");
        } catch (RuntimeException e) {
            LOG.error("a request failed", e);
            return new Refusal(500, Text.FAILED).toReply(request);
        } finally {
            scope.close();
        }
    }

    private Reply ourAnswer(String target, EndpointRequest request) {
        String path = target.split("\\?", 2)[0];
        Map<String, Handler> methods = ours.get(path);
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
}
