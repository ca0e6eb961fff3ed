package io.seckill.local.observe;

import io.seckill.local.observe.Scrape.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table of docs/metrics.md, a line a metric, and the lines as they follow from what processes say of themselves. */
public final class MetricsTable {
    private MetricsTable() {}

    /** The lines that are written down. */
    public static List<String> written(Path document) throws IOException {
        return Files.readAllLines(document).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
    }

    /** The lines that ought to be. */
    public static List<String> of(Scrape scrape) {
        Map<String, Family> families = new TreeMap<>(scrape.families());
        // Beside each histogram and summary, and said above the table.
        families.keySet()
                .removeIf(name -> name.endsWith("_max")
                        && isDistribution(scrape.families().get(name.substring(0, name.length() - "_max".length()))));
        return families.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static boolean isDistribution(Family family) {
        return family != null
                && (family.type().equals("histogram") || family.type().equals("summary"));
    }

    private static String line(String name, Family family) {
        return "| `%s` | %s | %s | %s | %s | %s |"
                .formatted(
                        name,
                        family.type(),
                        unit(name),
                        family.labels().isEmpty() ? "–" : "`" + String.join("` `", family.labels()) + "`",
                        String.join(", ", family.processes()),
                        family.help());
    }

    private static String unit(String name) {
        String base = name.replaceFirst("_total$", "");
        for (String unit : List.of("seconds", "bytes", "units")) {
            if (base.endsWith("_" + unit)) {
                return unit;
            }
        }
        return base.endsWith("_ready") ? "0 or 1" : "count";
    }
}
