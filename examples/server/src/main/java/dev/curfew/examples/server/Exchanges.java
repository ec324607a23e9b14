package dev.curfew.examples.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.curfew.http.EndpointRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;

/** Turns what the JDK's server received into a value, and a value into what it is to send: a host's whole adapter. */
final class Exchanges {
    /** Curfew's endpoints and ours refuse a body that is longer than this. */
    static final int MAX_BODY_BYTES = 16 * 1024;

    /** A client that sends too much is still listened to so long, because most read the answer only then. */
    private static final int MAX_DISCARDED_BYTES = 4 * 1024 * 1024;

    private Exchanges() {}

    static EndpointRequest read(HttpExchange exchange) throws IOException {
        return EndpointRequest.of(exchange.getRequestMethod())
                .headers(exchange.getRequestHeaders())
                // Of the connection: behind a proxy of your own, say so with TrustedProxies.
                .clientAddress(exchange.getRemoteAddress().getAddress().getHostAddress())
                .body(readBody(exchange.getRequestBody()))
                .build();
    }

    /** The path as it was received, not decoded, with the query. */
    static String target(HttpExchange exchange) {
        URI uri = exchange.getRequestURI();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    static void write(HttpExchange exchange, Reply reply) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("X-Content-Type-Options", "nosniff");
        reply.headers().forEach(header -> headers.add(header.name(), header.value()));
        byte[] body = reply.body();
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    /** Keeps one byte more than is allowed, so that too much can be told from just enough. */
    private static byte[] readBody(InputStream in) throws IOException {
        byte[] body = in.readNBytes(MAX_BODY_BYTES + 1);
        byte[] discarded = new byte[8192];
        int read = body.length > MAX_BODY_BYTES ? in.read(discarded) : -1;
        for (int left = MAX_DISCARDED_BYTES; read >= 0 && left > 0; left -= read) {
            read = in.read(discarded);
        }
        return body;
    }
}
