package io.seckill.local.observe;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the {@code /metrics} of processes show, put together: families as they describe themselves, and their samples. */
public final class Scrape {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** What a process says of one metric. */
    static final class Family {
        private final Set<String> processes = new TreeSet<>();
        private final Set<String> labels = new TreeSet<>();
        private String type = "";
        private String help = "";

        String type() {
            return type;
        }

        String help() {
            return help;
        }

        Set<String> labels() {
            return labels;
        }

        Set<String> processes() {
            return processes;
        }
    }

    private final Map<String, Family> families = new TreeMap<>();
    // By the name of a sample, label by label, the values.
    private final Map<String, Map<String, Set<String>>> samples = new TreeMap<>();

    /** @param process what kind of process says so */
    public Scrape add(String process, String page) {
        for (String line : page.split("\n")) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                family(words[2]).help = words.length > 3 ? words[3].trim() : "";
            } else if (line.startsWith("# TYPE ")) {
                family(words[2]).type = words[3];
                family(words[2]).processes.add(process);
            } else if (!line.isBlank()) {
                sample(line);
            }
        }
        return this;
    }

    private Family family(String name) {
        return families.computeIfAbsent(name, key -> new Family());
    }

    private void sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new IllegalArgumentException("not a sample: " + line);
        }
        String name = sample.group(1);
        Map<String, Set<String>> values = samples.computeIfAbsent(name, key -> new TreeMap<>());
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        Family family = families.get(familyOf(name));
        while (label.find()) {
            values.computeIfAbsent(label.group(1), key -> new LinkedHashSet<>()).add(label.group(2));
            if (!label.group(1).equals("le")) {
                family.labels.add(label.group(1));
            }
        }
    }

    /** A histogram's samples bear more than its name. */
    private String familyOf(String sample) {
        String base = sample.replaceAll("_(bucket|count|sum)$", "");
        return families.containsKey(sample) ? sample : base;
    }

    /** By name. */
    Map<String, Family> families() {
        return families;
    }

    boolean has(String sample) {
        return samples.containsKey(sample);
    }

    /** The values of each label of a metric's samples. */
    Map<String, Set<String>> labels(String sample) {
        return samples.getOrDefault(sample, Map.of());
    }
}
