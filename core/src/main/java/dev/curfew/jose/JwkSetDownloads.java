package dev.curfew.jose;

import java.net.URI;
import java.net.http.HttpClient;

/** Makes downloads that share one client, since each client has a thread of its own. Thread-safe. */
public final class JwkSetDownloads {
    private final KeyLoadSettings settings;
    private final HttpClient client;

    /** Makes the client. */
    public JwkSetDownloads(KeyLoadSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .build();
    }

    /**
     * A download from one address.
     *
     * @throws IllegalArgumentException if it is neither https nor http of this machine
     */
    public JwkSetDownload from(URI uri) {
        return new JwkSetDownload(uri, settings, client);
    }
}
