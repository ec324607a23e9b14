package dev.curfew.examples.hosts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * The answer to what no client of good manners would send. Immutable.
 *
 * @param text all that came back; empty if the server cut the connection or kept silent
 */
record RawCall(String text) {
    private static final int PATIENCE_MILLIS = 5_000;

    /** Sends a request of HTTP/1.1 whose method and target are as they are written. */
    static RawCall to(URI node, String method, String target, String... headers) {
        String[] lines = new String[headers.length + 2];
        lines[0] = method + " " + target + " HTTP/1.1";
        lines[1] = "Host: " + node.getAuthority();
        System.arraycopy(headers, 0, lines, 2, headers.length);
        return lines(node, lines);
    }

    /** Sends lines as they are, and asks the server to close the connection behind its answer. */
    static RawCall lines(URI node, String... lines) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket(node.getHost(), node.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            read(socket.getInputStream(), answer, request.startsWith("CONNECT"));
        } catch (IOException e) {
            // A server may cut or ignore whoever sends nonsense: what came before that is the answer.
            return new RawCall(answer.toString(StandardCharsets.ISO_8859_1));
        }
        return new RawCall(answer.toString(StandardCharsets.ISO_8859_1));
    }

    /** To the end, or behind the head of an answer to CONNECT, whose connection may stay open. */
    private static void read(InputStream in, ByteArrayOutputStream answer, boolean isTunnel) throws IOException {
        byte[] part = new byte[8192];
        for (int length = in.read(part); length >= 0; length = in.read(part)) {
            answer.write(part, 0, length);
            if (isTunnel && answer.toString(StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
                return;
            }
        }
    }

    /** The status; 0 if there was none. */
    int status() {
        return text.matches("(?s)HTTP/1\\.[01] \\d{3}.*") ? Integer.parseInt(text.substring(9, 12)) : 0;
    }

    boolean isRefused() {
        return status() == 0 || status() >= 400 && status() < 600 && status() != 500;
    }
}
