package dev.curfew.examples.quarkus;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.examples.hosts.LoginForm;
import dev.curfew.examples.hosts.Shop;
import dev.curfew.examples.hosts.SignedIn;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** What the shop serves; what asks the store is on a worker, as Quarkus does by itself. Thread-safe. */
@Path("/")
public class ShopResource {
    private final Shop shop;
    private final RoutingContext routing;

    ShopResource(Shop shop, RoutingContext routing) {
        this.shop = shop;
        this.routing = routing;
    }

    /** {@return a greeting for everybody} */
    @GET
    @Path("hello")
    @Produces(MediaType.TEXT_PLAIN)
    @NonBlocking
    public String hello() {
        return "hello\n";
    }

    /** {@return who calls} */
    @GET
    @Path("me")
    @Produces(MediaType.APPLICATION_JSON)
    @NonBlocking
    public String me() {
        return JSONObjectUtils.toJSONString(shop.me(CurfewFilter.caller(routing)));
    }

    /** {@return the token of a new session} */
    @POST
    @Path("login")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response login(byte[] body) {
        LoginForm form = LoginForm.parse(body).orElseThrow(BadRequestException::new);
        SignedIn signedIn = CurfewFilter.scoped(
                        routing, () -> shop.login(form.username(), form.password(), CurfewFilter.request(routing)))
                .orElse(null);
        if (signedIn == null) {
            return Response.status(Response.Status.UNAUTHORIZED).build();
        }
        return Response.ok(JSONObjectUtils.toJSONString(signedIn.json()))
                .header("Cache-Control", "no-store")
                .header(
                        signedIn.refreshCookie().name(),
                        signedIn.refreshCookie().value())
                .build();
    }

    /** Ends the other sessions; a real shop checks the old password and stores the new one first. */
    @POST
    @Path("password")
    public void changePassword() {
        CurfewFilter.scoped(routing, () -> {
            shop.passwordChanged(CurfewFilter.caller(routing));
            return true;
        });
    }
}
