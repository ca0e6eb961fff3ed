package io.seckill.gateway.page;

import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the shop's pages are filled from: their files and the words in each language. Immutable. */
public final class ShopTemplates {
    private final PageFiles files;
    private final Html signIn;
    private final List<Texts> languages;
    private final Template frame;
    private final Template list;
    private final Template card;
    private final Template meter;
    private final Template sale;
    private final Template orders;

    private ShopTemplates(PageFiles files, String signInUrl) {
        this.files = files;
        this.signIn = signInUrl.isEmpty()
                ? Html.NOTHING
                : new Html("<meta name=\"sign-in\" content=\""
                        + Html.escaped(signInUrl).text() + "\">");
        this.languages =
                List.of(Texts.read(files, "en", Locale.US), Texts.read(files, "zh", Locale.SIMPLIFIED_CHINESE));
        this.frame = template("frame.html");
        this.list = template("list.html");
        this.card = template("card.html");
        this.meter = template("meter.html");
        this.sale = template("sale.html");
        this.orders = template("orders.html");
    }

    /**
     * Reads the shop's folder on the class path.
     *
     * @param signInUrl where shoppers sign in, or empty
     */
    public static ShopTemplates read(String signInUrl) {
        return new ShopTemplates(PageFiles.read("shop", Map.of()), signInUrl);
    }

    PageFiles files() {
        return files;
    }

    /** The words for a browser; either may be null. */
    Texts texts(String asked, String accepted) {
        return Texts.choose(languages, asked, accepted);
    }

    Html list(SaleCatalog now, Texts texts) {
        String cards = now.newestFirst().stream()
                .map(each -> card.fill(saleAt(texts, new SaleText(each, texts, now.nowMs())::at)))
                .map(Html::text)
                .collect(Collectors.joining());
        return framed(texts, "list.js", texts.get("sales"), list.fill(places(texts, place -> switch (place) {
            case "cards" -> new Html(cards);
            // What a script makes the cards of new sales from.
            case "blank" -> card.fill(saleAt(texts, field -> ""));
            case "none" -> cards.isEmpty() ? Html.NOTHING : new Html(" hidden");
            default -> throw new IllegalStateException("the list has no " + place);
        })));
    }

    Html sale(SaleView shown, long nowMs, Texts texts) {
        SaleText text = new SaleText(shown, texts, nowMs);
        return framed(texts, "sale.js", shown.row().title(), sale.fill(saleAt(texts, text::at)));
    }

    Html orders(Texts texts) {
        return framed(texts, "orders.js", texts.get("orders"), orders.fill(places(texts, place -> {
            throw new IllegalStateException("the orders' page has no " + place);
        })));
    }

    private Html framed(Texts texts, String script, String title, Html body) {
        return frame.fill(places(texts, place -> switch (place) {
            case "language" -> texts.language();
            case "title" -> title;
            case "signIn" -> signIn;
            case "script" -> files.url(script);
            case "preload" -> preload(script, texts);
            case "body" -> body;
            default -> throw new IllegalStateException("the frame has no " + place);
        }));
    }

    // All at once: a browser learns of a module's imports only when it has read it.
    private Html preload(String script, Texts texts) {
        List<String> scripts = new ArrayList<>(files.scripts(script));
        scripts.add(files.url(texts.language() + ".js"));
        return new Html(scripts.stream()
                .map(url -> "<link rel=\"modulepreload\" href=\"" + url + "\">")
                .collect(Collectors.joining("\n")));
    }

    private Function<String, Object> saleAt(Texts texts, Function<String, Object> fields) {
        return places(texts, place -> place.equals("meter") ? meter.fill(places(texts, fields)) : fields.apply(place));
    }

    private static Function<String, Object> places(Texts texts, Function<String, Object> others) {
        return place -> place.startsWith("text.") ? texts.get(place.substring("text.".length())) : others.apply(place);
    }

    private Template template(String name) {
        return Template.parse(files.page(name));
    }
}
