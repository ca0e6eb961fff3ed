package io.seckill.gateway.page;

import io.seckill.gateway.http.Problem;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Serves a site's files from memory: those with a hash in their names for ever, pages whenever they changed. */
public final class PageRoutes {
    static final String HTML = "text/html; charset=utf-8";
    /** A copy is shown only after asking whether it still holds. */
    static final String ASK_FIRST = "no-cache";

    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private final PageFiles files;

    public PageRoutes(PageFiles files) {
        this.files = files;
    }

    /** Where everything but the pages is served. */
    public void mountAssets(Router router) {
        route(router, PageFiles.FOLDER + ":name").handler(this::asset);
    }

    static Route route(Router router, String path) {
        return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    }

    void asset(RoutingContext context) {
        Content asset = files.asset(context.pathParam("name"));
        if (asset == null) {
            // Another version's perhaps, which the next gateway may have: nobody should remember that it is not here.
            context.response().putHeader("cache-control", "no-store");
            Problem.NOT_FOUND.send(context.response());
            return;
        }
        PagePolicy.noSniffing(context.response());
        asset.answer(context.request(), FOR_EVER);
    }
}
