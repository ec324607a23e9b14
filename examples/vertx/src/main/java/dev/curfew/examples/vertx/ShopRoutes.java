package dev.curfew.examples.vertx;

import static dev.curfew.examples.vertx.CurfewHandler.caller;
import static dev.curfew.examples.vertx.CurfewHandler.request;
import static dev.curfew.examples.vertx.CurfewHandler.scoped;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.HEAD;

import dev.curfew.examples.hosts.LoginForm;
import dev.curfew.examples.hosts.Shop;
import dev.curfew.examples.hosts.SignedIn;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;

/** What the shop serves. Thread-safe. */
final class ShopRoutes {
    private static final int MAX_BODY_BYTES = 16 * 1024;

    private final Shop shop;

    ShopRoutes(Shop shop) {
        this.shop = shop;
    }

    /** All that the server answers; Curfew in front. */
    Router router(Vertx vertx, String contextPath, CurfewHandler curfew) {
        Router own = Router.router(vertx);
        // A route of GET takes no HEAD.
        own.route("/hello").method(GET).method(HEAD).handler(routing -> routing.end("Welcome to the shop\n"));
        own.get("/me").handler(routing -> routing.json(new JsonObject(shop.me(caller(routing)))));
        own.post("/login")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .blockingHandler(scoped(this::login), false);
        own.post("/password").blockingHandler(scoped(this::changePassword), false);

        Router all = Router.router(vertx);
        all.route().handler(curfew).failureHandler(curfew::failed);
        all.route(contextPath + "/*").subRouter(own);
        return all;
    }

    private void login(RoutingContext routing) {
        // Null if no body came.
        Buffer body = routing.body().buffer();
        LoginForm form =
                LoginForm.parse(body == null ? new byte[0] : body.getBytes()).orElse(null);
        if (form == null) {
            routing.fail(400);
            return;
        }
        Optional<SignedIn> signedIn = shop.login(form.username(), form.password(), request(routing));
        if (signedIn.isEmpty()) {
            routing.fail(401);
            return;
        }
        routing.response()
                .putHeader("Cache-Control", "no-store")
                .headers()
                .add(
                        signedIn.get().refreshCookie().name(),
                        signedIn.get().refreshCookie().value());
        routing.json(new JsonObject(signedIn.get().json()));
    }

    private void changePassword(RoutingContext routing) {
        // A real shop checks the old password and stores the new one first.
        shop.passwordChanged(caller(routing));
        routing.response().setStatusCode(204).end();
    }
}
