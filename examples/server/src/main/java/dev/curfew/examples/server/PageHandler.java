package dev.curfew.examples.server;

import dev.curfew.http.EndpointRequest;
import dev.curfew.http.HeaderField;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Serves one file of the page for people, read once; the page may load nothing from anywhere else. */
final class PageHandler implements Handler {
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Reply reply;

    PageHandler(String file, String contentType) {
        List<HeaderField> headers = List.of(
                new HeaderField("Content-Type", contentType),
                new HeaderField("Content-Security-Policy", CONTENT_SECURITY_POLICY),
                new HeaderField("Referrer-Policy", "no-referrer"),
                new HeaderField("Cache-Control", "no-cache"));
        this.reply = new Reply(200, headers, load(file));
    }

    @Override
    public Reply handle(EndpointRequest request) {
        return reply;
    }

    private static byte[] load(String file) {
        try (InputStream in = PageHandler.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
