package io.seckill.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the operating system knows of a process that may not be our child. Where there is a {@code /proc}, it is read:
 * {@link ProcessHandle} counts a zombie as alive and cuts a long command line.
 */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");

    private ProcessTable() {}

    /** The arguments of a process that really runs; empty if there is none. */
    static List<String> arguments(long pid) {
        Path commandLine = PROC.resolve(Long.toString(pid)).resolve("cmdline");
        if (Files.isReadable(PROC.resolve("self/cmdline"))) {
            try {
                // Empty for a zombie, so one is never taken for a live process.
                String text = Files.readString(commandLine, StandardCharsets.ISO_8859_1);
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                return text.isEmpty() ? List.of() : List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
            } catch (IOException gone) {
                return List.of();
            }
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::info)
                .flatMap(ProcessHandle.Info::arguments)
                .map(List::of)
                .orElse(List.of());
    }

    /**
     * Whether anything of it is left but its exit code. A process that was killed loses its command line before it gives
     * up its ports, so that one is not asked here.
     */
    static boolean alive(long pid) {
        Path stat = PROC.resolve(Long.toString(pid)).resolve("stat");
        if (!Files.isReadable(PROC.resolve("self/stat"))) {
            return !arguments(pid).isEmpty();
        }
        try {
            return alive(Files.readString(stat, StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            return false;
        }
    }

    /** Reads a line of {@code /proc/PID/stat}; the name in it is in parentheses and may contain anything. */
    static boolean alive(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        boolean zombie = fields[0].equals("Z") || fields[0].equals("X");
        // The first thread of a process can be a zombie while others still hold its files.
        return !zombie || Integer.parseInt(fields[17]) > 1;
    }

    /** Stops a process, as SIGSTOP does, or lets it go on. */
    static void pause(long pid, boolean stop) {
        String signal = stop ? "-STOP" : "-CONT";
        Executables.Outcome outcome =
                Executables.run(List.of("kill", signal, Long.toString(pid)), Map.of("PATH", Executables.USUAL), 10);
        if (!outcome.ok()) {
            throw new LaunchFailure("kill " + signal + ": " + outcome.lastLine());
        }
    }

    /** Asks a process to end, or ends it. */
    static void signal(long pid, boolean force) {
        ProcessHandle.of(pid).ifPresent(handle -> {
            if (force) {
                handle.destroyForcibly();
            } else {
                handle.destroy();
            }
        });
    }

    /** Processes of ours whose environment has this assignment: what a server forked and left behind. */
    static List<Long> withVariable(String assignment) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> environment(pid).contains(assignment))
                .toList();
    }

    private static List<String> environment(long pid) {
        Path file = PROC.resolve(Long.toString(pid)).resolve("environ");
        try {
            byte[] bytes = Files.readAllBytes(file);
            return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException notOurs) {
            return List.of();
        }
    }
}
