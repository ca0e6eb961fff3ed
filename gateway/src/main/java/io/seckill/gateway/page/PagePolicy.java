package io.seckill.gateway.page;

import io.vertx.core.http.HttpServerResponse;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a browser may do on our pages: run, style and ask what comes from here, and nothing inline. Pictures may come from named
 * origins besides, since an operator may keep a sale's picture elsewhere.
 */
final class PagePolicy {
    private static final Pattern ORIGIN = Pattern.compile("https://[A-Za-z0-9.-]+(:[0-9]{1,5})?");
    // A header must stay small; no list of sales has so many homes for its pictures.
    private static final int MAX_ORIGINS = 8;

    private PagePolicy() {}

    static boolean isOrigin(String text) {
        return ORIGIN.matcher(text).matches();
    }

    /** @param origins of pictures, besides our own; the first few count */
    static void apply(HttpServerResponse response, Collection<String> origins) {
        StringBuilder pictures = new StringBuilder("'self'");
        origins.stream()
                .filter(PagePolicy::isOrigin)
                .sorted()
                .distinct()
                .limit(MAX_ORIGINS)
                .forEach(origin -> pictures.append(' ').append(origin));
        response.putHeader(
                        "content-security-policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src " + pictures
                                + "; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
                // A form on a page of ours must still tell where it comes from.
                .putHeader("referrer-policy", "same-origin")
                .putHeader("cross-origin-opener-policy", "same-origin");
        noSniffing(response);
    }

    static void apply(HttpServerResponse response) {
        apply(response, Set.of());
    }

    /** For what is no page. */
    static void noSniffing(HttpServerResponse response) {
        response.putHeader("x-content-type-options", "nosniff");
    }
}
