package dev.curfew.examples.javalin;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.examples.hosts.HostSettings;
import dev.curfew.examples.hosts.LoginForm;
import dev.curfew.examples.hosts.Shop;
import dev.curfew.examples.hosts.SignedIn;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.UnauthorizedResponse;
import java.net.URI;
import java.util.Map;

/** The shop on Javalin. Thread-safe. */
public final class JavalinHost implements AutoCloseable {
    private final HostSettings settings;
    private final Shop shop;
    private final CurfewHandler curfew;
    private final Javalin server;

    private JavalinHost(HostSettings settings) {
        this.settings = settings;
        this.shop = Shop.open(settings);
        this.curfew = new CurfewHandler(shop.filter());
        this.server = Javalin.create(this::configure);
    }

    /**
     * Starts the host.
     *
     * @param args none; the settings come from the environment, see {@link HostSettings}
     */
    public static void main(String[] args) {
        JavalinHost host = start(HostSettings.from(System.getenv()));
        System.out.println(host.settings.banner(host.server.port()));
    }

    static JavalinHost start(HostSettings settings) {
        JavalinHost host = new JavalinHost(settings);
        host.server.start(settings.port());
        return host;
    }

    URI uri() {
        return settings.baseUri(server.port());
    }

    /** Ends the server, then the shop. */
    @Override
    public void close() {
        server.stop();
        shop.close();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.router.contextPath = settings.contextPath();
        curfew.addTo(config.routes);
        config.routes.get("/hello", ctx -> ctx.result("Welcome to the shop\n"));
        config.routes.get("/me", ctx -> json(ctx, shop.me(curfew.caller(ctx))));
        config.routes.post("/login", this::login);
        config.routes.post("/password", ctx -> {
            shop.passwordChanged(curfew.caller(ctx));
            ctx.status(HttpStatus.NO_CONTENT);
        });
    }

    private void login(Context ctx) {
        LoginForm form = LoginForm.parse(ctx.bodyAsBytes()).orElseThrow(BadRequestResponse::new);
        SignedIn signedIn = shop.login(form.username(), form.password(), curfew.request(ctx))
                .orElseThrow(UnauthorizedResponse::new);
        ctx.res().addHeader("Set-Cookie", signedIn.refreshCookie().value());
        json(ctx, signedIn.json());
    }

    private static void json(Context ctx, Map<String, Object> members) {
        ctx.header("Cache-Control", "no-store").contentType("application/json; charset=utf-8");
        ctx.result(JSONObjectUtils.toJSONString(members));
    }
}
