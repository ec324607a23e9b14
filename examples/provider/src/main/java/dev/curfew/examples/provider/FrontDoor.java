package dev.curfew.examples.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.FormParameters;
import dev.curfew.http.HeaderField;
import dev.curfew.http.UnreadableFormException;
import dev.curfew.session.CurfewException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the JDK's server received into a value, and an answer into what it sends. */
final class FrontDoor implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

    /** A client that sends too much is still listened to so long, because most read the answer only then. */
    private static final int MAX_DISCARDED_BYTES = 1024 * 1024;

    private final Map<String, Map<String, Handler>> handlers = new LinkedHashMap<>();

    /** Answers the requests of one path. */
    @FunctionalInterface
    interface Handler {
        EndpointResponse answer(EndpointRequest request) throws UnreadableFormException;
    }

    FrontDoor on(String method, String path, Handler handler) {
        handlers.computeIfAbsent(path, none -> new LinkedHashMap<>()).put(method, handler);
        return this;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            write(exchange, answer(exchange));
        }
    }

    private EndpointResponse answer(HttpExchange exchange) throws IOException {
        Map<String, Handler> methods = handlers.get(exchange.getRequestURI().getRawPath());
        if (methods == null) {
            return Answers.page(404, Pages.message("Not found", "There is nothing here."));
        }
        Handler handler = methods.get(exchange.getRequestMethod());
        if (handler == null) {
            return Answers.page(
                    405,
                    Pages.message("Not allowed", "This method is not allowed here."),
                    new HeaderField("Allow", String.join(", ", methods.keySet())));
        }
        try {
            return handler.answer(read(exchange));
        } catch (Refusal | UnreadableFormException e) {
            return Answers.page(400, Pages.message("This does not work", String.valueOf(e.getMessage())));
        } catch (CurfewException e) {
            LOG.warn("not available: {}", e.getMessage());
            return Answers.error(
                    503, "temporarily_unavailable", "please try again", new HeaderField("Retry-After", "1"));
        } catch (RuntimeException e) {
            LOG.error("a request failed", e);
            return Answers.error(500, "server_error", "something went wrong on our side");
        }
    }

    private static EndpointRequest read(HttpExchange exchange) throws IOException {
        EndpointRequest.Builder request = EndpointRequest.of(exchange.getRequestMethod())
                .headers(exchange.getRequestHeaders())
                .clientAddress(exchange.getRemoteAddress().getAddress().getHostAddress())
                .body(exchange.getRequestBody(), FormParameters.MAX_BYTES);
        exchange.getRequestBody().readNBytes(MAX_DISCARDED_BYTES);
        String query = exchange.getRequestURI().getRawQuery();
        for (String pair : (query == null ? "" : query).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                request.queryParameter(decoded(parts[0]), decoded(parts[1]));
            }
        }
        return request.build();
    }

    private static String decoded(String text) {
        return FormParameters.decode(text).orElseThrow(() -> new Refusal("the query is not encoded as forms are"));
    }

    private static void write(HttpExchange exchange, EndpointResponse answer) throws IOException {
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        answer.headers().forEach(header -> exchange.getResponseHeaders().add(header.name(), header.value()));
        byte[] body = answer.body();
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }
}
