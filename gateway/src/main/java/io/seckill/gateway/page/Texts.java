package io.seckill.gateway.page;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The shop's words in one language. The file is the script that browsers load, so there is one for both sides: what follows
 * {@code export default} is JSON.
 *
 * @param language its tag, as in {@code lang}
 */
record Texts(String language, Locale locale, Map<String, String> byKey) {
    private static final String PREFIX = "export default ";

    static Texts read(PageFiles files, String language, Locale locale) {
        String script = files.source(language + ".js");
        if (!script.startsWith(PREFIX)) {
            throw new IllegalStateException(language + ".js does not begin with " + PREFIX);
        }
        Map<String, String> byKey = new TreeMap<>();
        new JsonObject(script.substring(PREFIX.length()))
                .forEach(entry -> byKey.put(entry.getKey(), (String) entry.getValue()));
        return new Texts(language, locale, Map.copyOf(byKey));
    }

    String get(String key) {
        String text = byKey.get(key);
        if (text == null) {
            throw new IllegalStateException("no text " + key + " in " + language);
        }
        return text;
    }

    /** With {@code {name}} replaced by a value. */
    String get(String key, Map<String, String> values) {
        String text = get(key);
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace('{' + value.getKey() + '}', value.getValue());
        }
        return text;
    }

    /**
     * Whom a browser asks for.
     *
     * @param asked a language's tag, which wins, or null
     * @param accepted the Accept-Language header, or null
     */
    static Texts choose(List<Texts> all, String asked, String accepted) {
        for (Texts texts : all) {
            if (texts.language.equals(asked)) {
                return texts;
            }
        }
        // Browsers name the most wanted first.
        for (String range : accepted == null
                ? new String[0]
                : accepted.toLowerCase(Locale.ROOT).split(",")) {
            for (Texts texts : all) {
                if (range.trim().startsWith(texts.language)) {
                    return texts;
                }
            }
        }
        return all.get(0);
    }
}
