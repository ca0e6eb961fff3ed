package io.seckill.local.observe;

import io.seckill.local.observe.PromQl.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether what rules and dashboards ask for is there: metrics, labels, and the values that are named. */
public final class MetricUse {
    /** What Prometheus adds to every sample. */
    private static final Set<String> ADDED = Set.of("job", "instance");
    /** Written by Prometheus itself, one a target. */
    private static final String UP = "up";

    private static final Set<String> JOBS = Set.of("seckill-gateway", "seckill-worker");
    private static final Pattern TEMPLATE_LABEL = Pattern.compile("(?:\\$labels\\.|\\{\\{)(\\w+)");
    private static final Pattern WORD = Pattern.compile("[\\w-]+");

    private final Scrape scrape;

    public MetricUse(Scrape scrape) {
        this.scrape = scrape;
    }

    /**
     * @param templates texts that name labels of the result, as {@code $labels.x} or {@code {{x}}}
     * @return what is wrong; nothing if all is there
     */
    public List<String> errors(String where, String expression, List<String> templates) {
        List<String> errors = new ArrayList<>();
        PromQl query;
        try {
            query = PromQl.of(expression);
        } catch (IllegalArgumentException e) {
            return List.of(where + ": " + e.getMessage());
        }
        if (query.selectors().isEmpty()) {
            errors.add("no metric in " + expression);
        }
        Set<String> known = new HashSet<>();
        for (Selector selector : query.selectors()) {
            if (!scrape.has(selector.metric()) && !selector.metric().equals(UP)) {
                errors.add("there is no metric " + selector.metric());
                continue;
            }
            known.addAll(ADDED);
            known.addAll(scrape.labels(selector.metric()).keySet());
            selector.matchers().forEach((label, matcher) -> check(selector.metric(), label, matcher, errors));
        }
        if (!errors.isEmpty()) {
            return prefixed(where, errors);
        }
        query.grouping().stream()
                .filter(label -> !known.contains(label))
                .forEach(label -> errors.add("nothing in it has a label " + label));
        Set<String> left = query.grouping().isEmpty() ? known : query.grouping();
        for (String template : templates) {
            Matcher label = TEMPLATE_LABEL.matcher(template);
            while (label.find()) {
                if (!left.contains(label.group(1))) {
                    errors.add("its result has no label " + label.group(1));
                }
            }
        }
        return prefixed(where, errors);
    }

    private static List<String> prefixed(String where, List<String> errors) {
        return errors.stream().map(error -> where + ": " + error).toList();
    }

    /** @param matcher operator and value, as in {@code =~a|b} */
    private void check(String metric, String label, String matcher, List<String> errors) {
        Map<String, Set<String>> labels = scrape.labels(metric);
        Set<String> values = label.equals("job") ? JOBS : labels.get(label);
        if (values == null && !ADDED.contains(label)) {
            errors.add(metric + " has no label " + label);
        }
        String value = matcher.replaceFirst("^(=~|!~|!=|=)", "");
        if (values == null || value.contains("$")) {
            return;
        }
        boolean pattern = matcher.startsWith("=~") || matcher.startsWith("!~");
        for (String wanted : pattern ? value.split("\\|") : new String[] {value}) {
            boolean literal = !pattern || WORD.matcher(wanted).matches();
            if (literal ? !values.contains(wanted) : values.stream().noneMatch(one -> one.matches(wanted))) {
                errors.add(metric + " has no " + label + " " + wanted);
            }
        }
    }
}
