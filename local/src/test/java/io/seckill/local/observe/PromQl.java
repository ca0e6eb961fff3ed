package io.seckill.local.observe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression of Prometheus' query language reads. Splits it into the language's tokens, so that a name in a string,
 * a label or a function is not taken for a metric. Whether the expression is sound Prometheus itself has to say.
 *
 * @param selectors the metrics, each as often as it is there
 * @param grouping labels after {@code by}, {@code on} and their like
 */
record PromQl(List<Selector> selectors, Set<String> grouping) {
    /** @param matchers by label, operator and value in one text */
    record Selector(String metric, Map<String, String> matchers) {}

    private static final Pattern TOKEN = Pattern.compile("(?<space>\\s+|#[^\\n]*)"
            + "|(?<string>\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`)"
            + "|(?<variable>\\$\\w+|\\$\\{\\w+\\})"
            + "|(?<number>(?:\\d|\\.\\d)(?:[eE][+-]?\\d+|[\\w.])*)"
            + "|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
            + "|(?<sign>=~|!~|==|!=|<=|>=|[-+*/%^=<>(){}\\[\\],:@])");
    private static final Set<String> WITH_LABELS =
            Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "atan2", "bool", "offset", "inf", "nan");

    private record Token(String kind, String text) {
        boolean is(String sign) {
            return kind.equals("sign") && text.equals(sign);
        }

        boolean isWord(Set<String> words) {
            return kind.equals("name") && words.contains(text.toLowerCase(Locale.ROOT));
        }
    }

    /** @throws IllegalArgumentException if it has what the language has not, or a selector names no metric */
    static PromQl of(String expression) {
        return new Reader(tokens(expression)).read();
    }

    private static List<Token> tokens(String expression) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(expression);
        int at = 0;
        while (at < expression.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new IllegalArgumentException("not PromQL at " + at + ": " + expression);
            }
            at = matcher.end();
            for (String kind : List.of("string", "variable", "number", "name", "sign")) {
                if (matcher.group(kind) != null) {
                    tokens.add(new Token(kind, matcher.group()));
                }
            }
        }
        return tokens;
    }

    /** Goes through the tokens once. */
    private static final class Reader {
        private static final Token END = new Token("end", "");

        private final List<Token> tokens;
        private final List<Selector> selectors = new ArrayList<>();
        private final Set<String> grouping = new LinkedHashSet<>();
        private int at;

        Reader(List<Token> tokens) {
            this.tokens = tokens;
        }

        PromQl read() {
            while (at < tokens.size()) {
                Token token = tokens.get(at++);
                if (token.is("[")) {
                    skipRange();
                } else if (token.is("{")) {
                    throw new IllegalArgumentException("a selector without a metric");
                } else if (token.isWord(WITH_LABELS)) {
                    readLabels();
                } else if (token.kind.equals("name") && !token.isWord(WORDS) && !peek().is("(")) {
                    // A word between a function's name and its arguments, as in "sum by (le) (…)".
                    if (!peek().isWord(WITH_LABELS) || !isAggregation(token)) {
                        selectors.add(new Selector(token.text, readMatchers()));
                    }
                }
            }
            return new PromQl(List.copyOf(selectors), Set.copyOf(grouping));
        }

        private static boolean isAggregation(Token token) {
            return token.isWord(Set.of(
                    "sum",
                    "min",
                    "max",
                    "avg",
                    "group",
                    "stddev",
                    "stdvar",
                    "count",
                    "count_values",
                    "bottomk",
                    "topk",
                    "quantile"));
        }

        private Token peek() {
            return at < tokens.size() ? tokens.get(at) : END;
        }

        private void skipRange() {
            while (!peek().is("]")) {
                if (peek().equals(END)) {
                    throw new IllegalArgumentException("a range without end");
                }
                at++;
            }
            at++;
        }

        private void readLabels() {
            if (!peek().is("(")) {
                return;
            }
            for (at++; !peek().is(")"); at++) {
                if (peek().kind.equals("name")) {
                    grouping.add(peek().text);
                } else if (!peek().is(",")) {
                    throw new IllegalArgumentException("a list of labels with " + peek().text);
                }
            }
            at++;
        }

        private Map<String, String> readMatchers() {
            Map<String, String> matchers = new LinkedHashMap<>();
            if (!peek().is("{")) {
                return matchers;
            }
            at++;
            while (!peek().is("}")) {
                if (at + 2 >= tokens.size() || !peek().kind.equals("name")) {
                    throw new IllegalArgumentException("a selector with " + peek().text);
                }
                String value = tokens.get(at + 2).text;
                matchers.put(peek().text, tokens.get(at + 1).text + value.substring(1, value.length() - 1));
                at += 3;
                if (peek().is(",")) {
                    at++;
                }
            }
            at++;
            return matchers;
        }
    }
}
