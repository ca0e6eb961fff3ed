package io.seckill.gateway.page;

import io.seckill.gateway.http.Problem;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The shop's pages of one event loop. They come with the sales written in, so that the first paint needs no script. A page is
 * made at most twice a second, whoever asks: in the rush everybody reloads.
 */
public final class ShopPages {
    private static final int KEPT_MS = 500;
    private static final Pattern LANGUAGE = Pattern.compile("(?:^|&)lang=([a-z]{2})(?:&|$)");
    private static final String A_DAY = "public, max-age=86400";
    private static final String SVG = "image/svg+xml";

    private final ShopTemplates templates;
    private final Supplier<SaleCatalog> catalog;
    private final Map<String, Made> made = new HashMap<>();

    /** @param catalog the newest look at the sales */
    public ShopPages(ShopTemplates templates, Supplier<SaleCatalog> catalog) {
        this.templates = templates;
        this.catalog = catalog;
    }

    public void mount(Router router) {
        new PageRoutes(templates.files()).mountAssets(router);
        PageRoutes.route(router, SalePicture.FOLDER + ":name").handler(this::picture);
        PageRoutes.route(router, "/").handler(context -> page(context, "", (now, texts) -> templates.list(now, texts)));
        PageRoutes.route(router, "/orders")
                .handler(context -> page(context, "/", (now, texts) -> templates.orders(texts)));
        PageRoutes.route(router, "/sales/:saleId").handler(this::sale);
    }

    /** A page that was made a moment ago. */
    private record Made(Content content, Set<String> origins, long atMs) {}

    private void sale(RoutingContext context) {
        String saleId = context.pathParam("saleId");
        if (catalog.get().sale(saleId) == null) {
            Problem.NOT_FOUND.send(context.response());
            return;
        }
        page(context, saleId, (now, texts) -> templates.sale(now.sale(saleId), now.nowMs(), texts));
    }

    private void page(RoutingContext context, String name, BiFunction<SaleCatalog, Texts, Html> make) {
        SaleCatalog now = catalog.get();
        HttpServerRequest request = context.request();
        Texts texts = templates.texts(languageAsked(request.query()), request.getHeader("accept-language"));
        Made page = made.get(texts.language() + name);
        if (page == null || now.nowMs() - page.atMs() > KEPT_MS) {
            forget(now.nowMs());
            byte[] html = make.apply(now, texts).text().getBytes(StandardCharsets.UTF_8);
            page = new Made(Content.of(PageRoutes.HTML, html), origins(now, name), now.nowMs());
            made.put(texts.language() + name, page);
        }
        PagePolicy.apply(context.response(), page.origins());
        context.response().headers().add("vary", "accept-language");
        page.content().answer(request, PageRoutes.ASK_FIRST);
    }

    // Read by hand: a query may be anything, and a decoder fails on what is not encoded well.
    private static String languageAsked(String query) {
        Matcher asked = LANGUAGE.matcher(query == null ? "" : query);
        return asked.find() ? asked.group(1) : null;
    }

    // The sales that are gone leave nothing behind.
    private void forget(long nowMs) {
        made.values().removeIf(page -> nowMs - page.atMs() > KEPT_MS);
    }

    private static Set<String> origins(SaleCatalog now, String name) {
        SaleView one = now.sale(name);
        List<SaleView> shown = one == null ? now.newestFirst() : List.of(one);
        return shown.stream()
                .map(sale -> SalePicture.origin(sale.row().imageUrl()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private void picture(RoutingContext context) {
        String name = context.pathParam("name");
        int end = name.length() - SalePicture.EXTENSION.length();
        if (end < 1 || !name.endsWith(SalePicture.EXTENSION) || !SaleKeys.isSaleId(name.substring(0, end))) {
            Problem.NOT_FOUND.send(context.response());
            return;
        }
        PagePolicy.apply(context.response());
        byte[] svg = SalePicture.draw(name.substring(0, end)).getBytes(StandardCharsets.UTF_8);
        Content.of(SVG, svg).answer(context.request(), A_DAY);
    }
}
