package io.seckill.gateway.page;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The operators' console: one page, the same for everyone; what it shows it asks the admin calls for. It is read when somebody
 * asks for it first, away from the event loop: no gateway starts later for a page that few of them ever show.
 */
public final class ConsolePages {
    private static final String FOLDER = "console";
    // Charts by uPlot, as it was released.
    private static final Map<String, String> UPLOT =
            Map.of("uplot.js", "uplot/uPlot.iife.min.js", "uplot.css", "uplot/uPlot.min.css");

    private record Site(Content page, PageRoutes routes) {
        static Site read() {
            PageFiles files = PageFiles.read(FOLDER, UPLOT);
            byte[] page = files.page("index.html").getBytes(StandardCharsets.UTF_8);
            return new Site(Content.of(PageRoutes.HTML, page), new PageRoutes(files));
        }

        void show(RoutingContext context) {
            PagePolicy.apply(context.response());
            page.answer(context.request(), PageRoutes.ASK_FIRST);
        }

        void asset(RoutingContext context) {
            routes.asset(context);
        }
    }

    private final Vertx vertx;
    private Future<Site> site;

    public ConsolePages(Vertx vertx) {
        this.vertx = vertx;
    }

    /** On the listener's event loop. */
    public void mount(Router router) {
        PageRoutes.route(router, "/").handler(with(Site::show));
        PageRoutes.route(router, PageFiles.FOLDER + ":name").handler(with(Site::asset));
    }

    private Handler<RoutingContext> with(BiConsumer<Site, RoutingContext> answer) {
        return context -> {
            if (site == null) {
                site = vertx.executeBlocking(Site::read);
            }
            site.onSuccess(ready -> answer.accept(ready, context)).onFailure(context::fail);
        };
    }
}
