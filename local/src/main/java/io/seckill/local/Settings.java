package io.seckill.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the environment asks for, read once and checked as a whole. {@link LocalStack} is built from it; tests make one
 * with a home and ports of their own.
 *
 * @param root the repository
 * @param home where the stack keeps its state, {@code SECKILL_HOME}
 * @param packages where unpacked server packages are, {@code SECKILL_PKG}; several homes may share one
 * @param app the folder of jars that services run from, {@code SECKILL_APP}
 * @param gatling the folder of jars that a load test plays from, {@code SECKILL_GATLING}
 * @param moved ports that a variable moved
 * @param environment all variables, to be passed on to the services
 */
public record Settings(
        Path root,
        Path home,
        Path packages,
        Path app,
        Path gatling,
        Map<Listener, Integer> moved,
        List<String> gatewayOptions,
        List<String> workerOptions,
        Map<String, String> environment) {

    /**
     * Small enough for four JVMs beside three servers on a laptop. Nearly all that a purchase leaves dies young, so that the
     * collector which stops everything has little to do, and takes less of two shared cores than one that works beside.
     */
    static final String JVM_OPTIONS = "-Xms512m -Xmx512m -XX:+UseParallelGC -XX:+ExitOnOutOfMemoryError";

    private static final String GATEWAY_OPTIONS = "SECKILL_GATEWAY_OPTS";
    private static final String WORKER_OPTIONS = "SECKILL_WORKER_OPTS";
    private static final Set<String> JVM_FLAGS = Set.of(GATEWAY_OPTIONS, WORKER_OPTIONS);

    /** Reads the variables; what is wrong with them is said all at once. */
    public static Settings from(Map<String, String> environment, Path root) {
        List<String> errors = new ArrayList<>();
        Map<Listener, Integer> moved = new EnumMap<>(Listener.class);
        for (Listener listener : Listener.values()) {
            // Beside a server that is somebody else's, this variable is part of that server's address.
            if (listener == Listener.MYSQL && environment.containsKey("SECKILL_MYSQL_HOST")) {
                continue;
            }
            String value = environment.getOrDefault(listener.variable, "");
            if (!value.isBlank()) {
                port(listener.variable, value, errors, moved, listener);
            }
        }
        if (!errors.isEmpty()) {
            throw new LaunchFailure(String.join("\n", errors));
        }
        Path home = path(environment, "SECKILL_HOME", root.resolve(".seckill"));
        return new Settings(
                root,
                home,
                path(environment, "SECKILL_PKG", home.resolve("pkg")),
                path(environment, "SECKILL_APP", root.resolve("local/target/lib")),
                path(environment, "SECKILL_GATLING", root.resolve("loadtest/gatling/target/lib")),
                Map.copyOf(moved),
                words(environment.getOrDefault(GATEWAY_OPTIONS, JVM_OPTIONS)),
                words(environment.getOrDefault(WORKER_OPTIONS, JVM_OPTIONS)),
                Map.copyOf(new TreeMap<>(environment)));
    }

    /**
     * A stack beside any other: a home and ports of its own, and none of the servers that the environment names. The flags
     * of its JVMs are the environment's. The packages are those of {@code SECKILL_PKG} or of the repository's usual home, so
     * that nothing is fetched twice.
     */
    public static Settings isolated(Path root, Path home, Map<String, String> environment) {
        Map<String, String> own = new TreeMap<>(environment);
        own.keySet().removeIf(name -> name.startsWith("SECKILL_") && !JVM_FLAGS.contains(name));
        own.put("SECKILL_HOME", home.toString());
        own.put(
                "SECKILL_PKG",
                environment.getOrDefault(
                        "SECKILL_PKG", root.resolve(".seckill/pkg").toString()));
        own.putAll(FreePorts.forStack());
        return from(own, root);
    }

    /** The repository that a folder is in: the nearest one upwards that has this module. */
    public static Path repository(Path start) {
        for (Path at = start.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("local/pom.xml"))) {
                return at;
            }
        }
        throw new LaunchFailure("no seckill repository at or above " + start);
    }

    /** The same with other variables set. */
    public Settings with(Map<String, String> variables) {
        Map<String, String> changed = new TreeMap<>(environment);
        changed.putAll(variables);
        return from(changed, root);
    }

    private static void port(
            String variable, String value, List<String> errors, Map<Listener, Integer> moved, Listener listener) {
        try {
            int port = Integer.parseInt(value.trim());
            if (port >= 1 && port <= 65535) {
                moved.put(listener, port);
                return;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, with the range.
        }
        errors.add("%s is '%s'; it must be a port, 1 to 65535".formatted(variable, value));
    }

    private static Path path(Map<String, String> environment, String variable, Path preset) {
        String value = environment.getOrDefault(variable, "");
        Path path = value.isBlank() ? preset : Path.of(value);
        return real(path.toAbsolutePath().normalize());
    }

    /** Links resolved as far as the path exists: a process is recognised by the paths on its command line. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException absent) {
            Path parent = path.getParent();
            return parent == null ? path : real(parent).resolve(path.getFileName());
        }
    }

    private static List<String> words(String text) {
        String trimmed = text.trim();
        return trimmed.isEmpty() ? List.of() : List.of(trimmed.split("\\s+"));
    }

    /** Without the variables' values: some of them are secrets. */
    @Override
    public String toString() {
        return "Settings[root=%s, home=%s, packages=%s, app=%s, moved=%s]".formatted(root, home, packages, app, moved);
    }
}
