package io.seckill.local.observe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One of Grafana's dashboards, as far as it asks Prometheus. */
public record Dashboard(String name, JsonObject json) {
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), *(\\w+)\\)");

    /** @param legend what names a series, with the labels it shows */
    public record Query(String where, String expression, String legend) {
        /** As Grafana would send it, with everything selected. */
        public String filledIn() {
            return expression.replace("$__rate_interval", "1m").replaceAll("\\$\\w+", ".*");
        }
    }

    public static List<Dashboard> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Dashboard> all = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                all.add(new Dashboard(file.getFileName().toString(), new JsonObject(Files.readString(file))));
            }
            return all;
        }
    }

    public List<JsonObject> panels() {
        return objects(json.getJsonArray("panels"));
    }

    public List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonObject panel : panels()) {
            String where = name + ": " + panel.getString("title");
            objects(panel.getJsonArray("targets"))
                    .forEach(target ->
                            queries.add(new Query(where, target.getString("expr"), target.getString("legendFormat"))));
        }
        for (JsonObject variable : objects(json.getJsonObject("templating").getJsonArray("list"))) {
            if (variable.getString("type").equals("query")) {
                Matcher values =
                        LABEL_VALUES.matcher(variable.getJsonObject("query").getString("query"));
                if (!values.matches()) {
                    throw new IllegalArgumentException(name + ": the variable " + variable.getString("name"));
                }
                queries.add(new Query(
                        name + ": the variable " + variable.getString("name"),
                        values.group(1),
                        "{{" + values.group(2) + "}}"));
            }
        }
        return queries;
    }

    private static List<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }
}
