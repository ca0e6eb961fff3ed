package io.seckill.gateway.identity;

import io.seckill.gateway.http.Problem;
import io.seckill.schema.message.OrderLine;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * A page on which anybody becomes any shopper, for a local stack alone: {@link IdentityConfig} refuses it beside keys that
 * mean something anywhere else. It works without a script. The token gets to the shop in the fragment of the address, which
 * browsers send to nobody.
 */
public final class DemoSignIn {
    public static final String PATH = "/demo/sign-in";

    private static final int MAX_BODY_BYTES = 1_024;
    private static final String FORM = "application/x-www-form-urlencoded";

    private final SignInPage page = new SignInPage();
    private final SignInRate rate = new SignInRate(System.nanoTime());
    private final DemoTokens tokens;

    /** @param nowMs the servers' common clock */
    public DemoSignIn(Vertx vertx, IdentityConfig config, LongSupplier nowMs) {
        this.tokens = new DemoTokens(vertx, config, nowMs);
    }

    public void mount(Router router) {
        router.route(PATH).handler(this::admit);
        router.get(PATH).handler(context -> page(context, false));
        router.post(PATH)
                .consumes(FORM)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::signIn);
    }

    private void admit(RoutingContext context) {
        if (!isHere(context.request())) {
            Problem.FORBIDDEN.send(context.response());
        } else if (!rate.take(System.nanoTime())) {
            Problem.RATE_LIMITED.send(context.response());
        } else {
            context.next();
        }
    }

    private void signIn(RoutingContext context) {
        String user = context.request().getFormAttribute("user");
        if (!comesFromHere(context.request())) {
            Problem.FORBIDDEN.send(context.response());
        } else if (!OrderLine.isUserId(user)) {
            page(context, true);
        } else {
            // Always to the shop: where to go is not for the request to say.
            context.response()
                    .setStatusCode(303)
                    .putHeader("location", "/#token=" + tokens.sign(user))
                    .putHeader("cache-control", "no-store")
                    .end();
        }
    }

    private void page(RoutingContext context, boolean refused) {
        page.send(context.response(), context.request().getHeader("accept-language"), refused);
    }

    // Whoever lets a name of his lead to this machine would else be of the same origin as this page.
    private static boolean isHere(HttpServerRequest request) {
        HostAndPort called = request.authority();
        return called != null && IdentityConfig.isLoopback(called.host().toLowerCase(Locale.ROOT));
    }

    // No page elsewhere may sign a visitor of its own choice in. Browsers say where a form comes from; what is no
    // browser
    // has nobody to be deceived.
    private static boolean comesFromHere(HttpServerRequest request) {
        String site = request.getHeader("sec-fetch-site");
        String origin = request.getHeader("origin");
        String here = request.getHeader("host");
        return (site == null || site.equals("same-origin"))
                && (origin == null || origin.equals("http://" + here) || origin.equals("https://" + here));
    }
}
