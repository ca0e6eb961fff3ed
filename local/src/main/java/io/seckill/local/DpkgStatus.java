package io.seckill.local;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The package manager's list of what is installed, with some of it forgotten. apt-get does not download what is
 * installed already, and a server whose parts lie half in {@code /usr} and half in our folder does not run; so apt-get is
 * shown a copy of the list in which the servers' own packages are absent.
 */
final class DpkgStatus {
    private DpkgStatus() {}

    /**
     * The list without the packages of a family and without everything that needs one of those, so that what remains is
     * consistent.
     *
     * @param family a regular expression for the beginning of a name
     */
    static String without(String status, String family) {
        Pattern ofFamily = Pattern.compile("(?:" + family + ").*");
        List<String> kept = new ArrayList<>(List.of(status.strip().split("\n{2,}")));
        kept.removeIf(String::isBlank);
        Set<String> forgotten = new HashSet<>();
        kept.removeIf(paragraph -> {
            String name = field(paragraph, "Package");
            return ofFamily.matcher(name).matches() && forgotten.add(name);
        });
        boolean changed = !forgotten.isEmpty();
        while (changed) {
            changed = kept.removeIf(paragraph -> {
                boolean broken = needs(paragraph, forgotten);
                if (broken) {
                    forgotten.add(field(paragraph, "Package"));
                }
                return broken;
            });
        }
        return kept.isEmpty() ? "" : String.join("\n\n", kept) + "\n";
    }

    private static boolean needs(String paragraph, Set<String> names) {
        String needed = field(paragraph, "Depends") + "," + field(paragraph, "Pre-Depends");
        for (String alternatives : needed.split(",")) {
            for (String one : alternatives.split("\\|")) {
                String name = one.trim().split("[\\s:(]", 2)[0];
                if (!name.isEmpty() && names.contains(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String field(String paragraph, String name) {
        for (String line : paragraph.split("\n")) {
            if (line.startsWith(name + ": ")) {
                return line.substring(name.length() + 2).trim();
            }
        }
        return "";
    }
}
