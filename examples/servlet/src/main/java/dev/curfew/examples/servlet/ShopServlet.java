package dev.curfew.examples.servlet;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.examples.hosts.LoginForm;
import dev.curfew.examples.hosts.Shop;
import dev.curfew.examples.hosts.SignedIn;
import dev.curfew.http.EndpointRequest;
import dev.curfew.token.Caller;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The host's own resources, behind {@link CurfewFilter}. Thread-safe. */
final class ShopServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_FORM = 4 * 1024;

    private final transient Shop shop;

    ShopServlet(Shop shop) {
        this.shop = shop;
    }

    @Override
    protected void service(HttpServletRequest in, HttpServletResponse out) throws IOException {
        switch (in.getMethod() + " " + in.getPathInfo()) {
            case "GET /hello", "HEAD /hello" -> {
                out.setContentType("text/plain; charset=utf-8");
                out.getWriter().println("Welcome to the shop");
            }
            case "GET /me" -> writeJson(out, shop.me(caller(in)));
            case "POST /login" -> login(in, out);
            case "POST /password" -> {
                shop.passwordChanged(caller(in));
                out.setStatus(HttpServletResponse.SC_NO_CONTENT);
            }
            default -> out.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private void login(HttpServletRequest in, HttpServletResponse out) throws IOException {
        Optional<LoginForm> form = LoginForm.parse(in.getInputStream().readNBytes(LONGEST_FORM));
        if (form.isEmpty()) {
            out.sendError(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        EndpointRequest request = (EndpointRequest) in.getAttribute(CurfewFilter.REQUEST);
        Optional<SignedIn> signedIn =
                shop.login(form.get().username(), form.get().password(), request);
        if (signedIn.isEmpty()) {
            out.sendError(HttpServletResponse.SC_UNAUTHORIZED);
            return;
        }
        out.addHeader("Set-Cookie", signedIn.get().refreshCookie().value());
        writeJson(out, signedIn.get().json());
    }

    /** Who has passed the filter; there is somebody wherever a path was not opened. */
    private static Caller caller(HttpServletRequest in) {
        return (Caller) in.getAttribute(CurfewFilter.CALLER);
    }

    private static void writeJson(HttpServletResponse out, Map<String, Object> members) throws IOException {
        out.setContentType("application/json; charset=utf-8");
        out.setHeader("Cache-Control", "no-store");
        out.getWriter().print(JSONObjectUtils.toJSONString(members));
    }
}
