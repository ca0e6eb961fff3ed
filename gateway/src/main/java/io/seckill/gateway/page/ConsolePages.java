package io.seckill.gateway.page;

import io.vertx.ext.web.Router;
import java.util.Map;

/** The operators' console: one page, the same for everyone; what it shows it asks the admin calls for. */
public final class ConsolePages {
    private static final String FOLDER = "console";
    // Charts by uPlot, as it was released.
    private static final Map<String, String> UPLOT =
            Map.of("uplot.js", "uplot/uPlot.iife.min.js", "uplot.css", "uplot/uPlot.min.css");

    private final PageFiles files;

    private ConsolePages(PageFiles files) {
        this.files = files;
    }

    /** Reads the class path: at the start of the process. */
    public static ConsolePages read() {
        return new ConsolePages(PageFiles.read(FOLDER, UPLOT));
    }

    public void mount(Router router) {
        PageRoutes pages = new PageRoutes(files);
        pages.mountAssets(router);
        pages.mountPage(router, "/", "index.html");
    }
}
