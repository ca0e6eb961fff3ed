package io.seckill.gateway.page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page with places {@code {{name}}} to be filled. Taken apart once, filled often.
 *
 * @param literals what stands before each place, and after the last
 * @param names of the places, one less than literals
 */
record Template(List<String> literals, List<String> names) {
    private static final Pattern PLACE = Pattern.compile("\\{\\{([A-Za-z.]+)}}");

    static Template parse(String text) {
        List<String> literals = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Matcher place = PLACE.matcher(text);
        int end = 0;
        while (place.find()) {
            literals.add(text.substring(end, place.start()));
            names.add(place.group(1));
            end = place.end();
        }
        literals.add(text.substring(end));
        return new Template(List.copyOf(literals), List.copyOf(names));
    }

    /**
     * The whole.
     *
     * @param values for each place {@link Html}, which goes in as it is, or a text, which is escaped
     */
    Html fill(Function<String, Object> values) {
        StringBuilder html = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            Object value = values.apply(names.get(i));
            Html filled = value instanceof Html ready ? ready : Html.escaped((String) value);
            html.append(literals.get(i)).append(filled.text());
        }
        return new Html(html.append(literals.get(names.size())).toString());
    }
}
