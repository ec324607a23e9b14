package dev.curfew.examples.jaxrs;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.examples.hosts.LoginForm;
import dev.curfew.examples.hosts.Shop;
import dev.curfew.examples.hosts.SignedIn;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** What the shop serves. Thread-safe. */
@Path("/")
public final class ShopResource {
    private final Shop shop;

    /** Made by Jersey. */
    @Inject
    public ShopResource(Shop shop) {
        this.shop = shop;
    }

    /** {@return a greeting for everybody} */
    @GET
    @Path("hello")
    @Produces(MediaType.TEXT_PLAIN)
    public String hello() {
        return "hello\n";
    }

    /** {@return who calls} */
    @GET
    @Path("me")
    @Produces(MediaType.APPLICATION_JSON)
    public String me(@Context ContainerRequestContext http) {
        return JSONObjectUtils.toJSONString(shop.me(CurfewFilter.caller(http)));
    }

    /** {@return the token of a new session} */
    @POST
    @Path("login")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response login(byte[] body, @Context ContainerRequestContext http) {
        LoginForm form = LoginForm.parse(body).orElseThrow(BadRequestException::new);
        SignedIn signedIn = shop.login(form.username(), form.password(), CurfewFilter.request(http))
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
    public void changePassword(@Context ContainerRequestContext http) {
        shop.passwordChanged(CurfewFilter.caller(http));
    }
}
