package io.seckill.local;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Starts processes that outlive the launcher, waits until they serve, and ends them by pid. The only place that polls:
 * the processes may be no children of this JVM, and nothing else tells when one of those ends.
 */
final class Supervisor {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);
    private static final long LOG_LIMIT_BYTES = 16L << 20;
    private static final int TAIL_LINES = 15;

    private final PidFiles pids;
    private final Map<String, Process> children = new HashMap<>();
    private boolean closed;

    Supervisor(PidFiles pids) {
        this.pids = pids;
    }

    /** From now on nothing is started: whoever calls this is about to stop what runs. */
    synchronized void close() {
        closed = true;
    }

    /**
     * @param first what has to be done immediately before, and only if it is really started
     */
    synchronized void start(Launch launch, Runnable first) {
        if (closed) {
            throw new LaunchFailure("stopping");
        }
        first.run();
        List<String> command = new ArrayList<>();
        // A session of its own keeps the terminal's Ctrl-C and hang-up away; setsid becomes the command, same pid.
        Executables.find("setsid").ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(launch.command());
        try {
            Files.createDirectories(launch.directory());
            keepLogSmall(launch.log());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(launch.directory().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
            builder.environment().clear();
            builder.environment().putAll(launch.environment());
            Process process = builder.start();
            children.put(launch.name(), process);
            pids.write(launch.name(), process.pid());
        } catch (IOException e) {
            throw new LaunchFailure("cannot start %s: %s".formatted(launch.name(), e.getMessage()), e);
        }
    }

    private static void keepLogSmall(Path log) throws IOException {
        Files.createDirectories(log.getParent());
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Waits until a process serves; fails as soon as it has ended, or at the deadline. */
    void awaitReady(String name, Path log, BooleanSupplier ready, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ready.getAsBoolean()) {
            Process child = child(name);
            if (child != null && !child.isAlive()) {
                throw new LaunchFailure("%s ended with exit code %d before it was ready; the end of %s:%n%s"
                        .formatted(name, child.exitValue(), log, tail(log)));
            }
            if (System.nanoTime() > deadline) {
                throw new LaunchFailure("%s is not ready after %d s; the end of %s:%n%s"
                        .formatted(name, limit.toSeconds(), log, tail(log)));
            }
            pause();
        }
    }

    private synchronized Process child(String name) {
        return children.get(name);
    }

    /** The pid of a process that this object started, even before its command line tells whose it is. */
    OptionalLong childPid(String name) {
        Process child = child(name);
        return child != null && child.isAlive() ? OptionalLong.of(child.pid()) : OptionalLong.empty();
    }

    /**
     * Asks processes to end and ends those that have not after the limit.
     *
     * @param live pids by name
     */
    void stop(Map<String, Long> live, Duration limit, Progress progress) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            // Asked again and again: a server that is just starting may miss the first time.
            live.values().stream().filter(ProcessTable::alive).forEach(pid -> ProcessTable.signal(pid, false));
            if (awaitGone(live.values(), ASK_AGAIN)) {
                return;
            }
        }
        live.forEach((name, pid) -> {
            if (ProcessTable.alive(pid)) {
                progress.step("%s (pid %d) did not end in %d s: killed".formatted(name, pid, limit.toSeconds()));
                ProcessTable.signal(pid, true);
            }
        });
        awaitGone(live.values(), Duration.ofSeconds(10));
    }

    static boolean awaitGone(Iterable<Long> pids, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long pid : pids) {
            while (ProcessTable.alive(pid)) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                pause();
            }
        }
        return true;
    }

    static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchFailure("interrupted", e);
        }
    }

    static String tail(Path log) {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()))
                    .indent(4)
                    .stripTrailing();
        } catch (IOException e) {
            return "    (no log: " + e.getMessage() + ")";
        }
    }
}
