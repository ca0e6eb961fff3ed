package io.seckill.gateway.page;

import io.seckill.gateway.sale.SaleRow;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Random;

/** A sale's picture: the operator's, or one that is drawn from the sale's id, always the same for one sale. */
final class SalePicture {
    /** Where drawn pictures are: this and the sale's id and {@link #EXTENSION}. */
    static final String FOLDER = "/pictures/";

    static final String EXTENSION = ".svg";

    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;
    private static final int RINGS = 5;
    // From red to green they look muddy in layers.
    private static final int[] HUES = {152, 172, 190, 205, 220, 235, 255, 285, 325, 345};

    private SalePicture() {}

    /** Where a browser gets it. */
    static String url(SaleRow sale) {
        String given = sale.imageUrl();
        boolean ours = given.startsWith("/") && !given.startsWith("//") && !given.startsWith("/\\");
        return ours || !origin(given).isEmpty() ? given : FOLDER + sale.saleId() + EXTENSION;
    }

    /** Where else than here the operator's picture is kept, {@code https://host}, or nothing. */
    static String origin(String url) {
        try {
            URI uri = new URI(url);
            String origin = uri.getScheme() + "://" + uri.getRawAuthority();
            return PagePolicy.isOrigin(origin) ? origin : "";
        } catch (URISyntaxException notOne) {
            return "";
        }
    }

    /** Rings of one hue on a ground of its neighbour: calm in a light and in a dark page. */
    static String draw(String saleId) {
        Random random = new Random(saleId.hashCode() * 2_654_435_761L);
        int hue = HUES[random.nextInt(HUES.length)];
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">".formatted(WIDTH, HEIGHT))
                .append("<rect width=\"%d\" height=\"%d\" fill=\"hsl(%d,24%%,64%%)\"/>".formatted(WIDTH, HEIGHT, hue));
        int x = WIDTH / 4 + random.nextInt(WIDTH / 2);
        int y = HEIGHT / 4 + random.nextInt(HEIGHT / 2);
        int step = 52 + random.nextInt(24);
        for (int ring = RINGS; ring > 0; ring--) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"hsl(%d,%d%%,%d%%)\"/>",
                    x,
                    y,
                    ring * step,
                    (hue + (RINGS - ring + 1) * 4) % 360,
                    28 + (RINGS - ring) * 5,
                    60 - (RINGS - ring) * 6));
        }
        return svg.append("</svg>").toString();
    }
}
