package io.seckill.loadtest.growth;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code jcmd GC.heap_info} says, of whichever collector. */
final class HeapInfo {
    private static final Pattern USED = Pattern.compile("total (?:reserved )?\\d+K.*\\bused (\\d+)K");

    private HeapInfo() {}

    /** Bytes in use of the heap's generations, class metadata left out; throws if there is none. */
    static long usedBytes(String said) {
        long kilobytes = 0;
        boolean found = false;
        for (String line : said.lines().toList()) {
            Matcher matcher = USED.matcher(line);
            if (matcher.find()) {
                kilobytes += Long.parseLong(matcher.group(1));
                found = true;
            }
        }
        if (!found) {
            throw new IllegalArgumentException("no heap in: " + said.strip());
        }
        return kilobytes * 1024;
    }
}
