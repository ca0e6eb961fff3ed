package io.seckill.local;

import io.seckill.loadtest.bench.GatewayMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM of the stack uses, by the JDK's {@code jcmd} and {@code /proc}. */
record JvmMemory(long pid) implements GatewayMemory {
    private static final int PATIENCE_S = 30;
    private static final Pattern USED =
            Pattern.compile("(?:PSYoungGen|ParOldGen|garbage-first heap|def new generation|tenured generation)"
                    + "\\s+total \\d+K, used (\\d+)K");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    @Override
    public long liveBytes() throws IOException {
        jcmd("GC.run");
        return usedBytes(jcmd("GC.heap_info"));
    }

    /** @param heapInfo what {@code jcmd GC.heap_info} prints with the serial, the parallel or the G1 collector */
    static long usedBytes(String heapInfo) throws IOException {
        Matcher used = USED.matcher(heapInfo);
        long kilobytes = 0;
        boolean found = false;
        while (used.find()) {
            kilobytes += Long.parseLong(used.group(1));
            found = true;
        }
        if (!found) {
            throw new IOException("cannot read the heap's size from: " + heapInfo.strip());
        }
        return kilobytes * 1024;
    }

    @Override
    public long residentBytes() throws IOException {
        Matcher resident = RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        return resident.find() ? Long.parseLong(resident.group(1)) * 1024 : 0;
    }

    private String jcmd(String command) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Executables.Outcome outcome = Executables.run(
                List.of(jcmd, Long.toString(pid), command), Map.of("PATH", Executables.searchPath()), PATIENCE_S);
        if (!outcome.ok()) {
            throw new IOException("jcmd " + command + ": " + outcome.lastLine());
        }
        return outcome.output();
    }
}
