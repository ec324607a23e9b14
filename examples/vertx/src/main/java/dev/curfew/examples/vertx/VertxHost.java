package dev.curfew.examples.vertx;

import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.examples.hosts.Shop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.net.URI;

/** The shop as a server on Vert.x. Thread-safe. */
public final class VertxHost implements AutoCloseable {
    private final HostSettings settings;
    private final Shop shop;
    private final Vertx vertx;
    private final HttpServer server;

    /** Opens the store, which blocks: never on an event loop. */
    VertxHost(HostSettings settings, VertxOptions options) {
        this.settings = settings;
        this.shop = Shop.open(settings);
        this.vertx = Vertx.vertx(options);
        CurfewHandler curfew = new CurfewHandler(shop.filter());
        this.server = await(vertx.createHttpServer()
                .requestHandler(new ShopRoutes(shop).router(vertx, settings.contextPath(), curfew))
                .listen(settings.port(), "localhost"));
    }

    /**
     * Starts the shop by the environment, until the process is ended.
     *
     * @param args none
     */
    public static void main(String[] args) {
        HostSettings settings = HostSettings.from(System.getenv());
        VertxHost host = new VertxHost(settings, new VertxOptions());
        Runtime.getRuntime().addShutdownHook(new Thread(host::close));
        System.out.println(settings.banner(host.server.actualPort()));
    }

    URI uri() {
        return settings.baseUri(server.actualPort());
    }

    /** Serves nothing any more, then ends Curfew. */
    @Override
    public void close() {
        await(vertx.close());
        shop.close();
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
