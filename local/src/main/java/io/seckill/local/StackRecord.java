package io.seckill.local;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a stack consists of, kept from {@code up} to {@code down}: a later command in another shell, without the variables
 * that moved a port or named a server, still finds everything.
 *
 * @param processes the processes that are expected to run
 * @param ports by {@code process.role}
 * @param external the variables of servers that are not ours
 */
record StackRecord(List<String> processes, Map<String, Integer> ports, Map<String, String> external) {
    /** The servers that services need; one of somebody else's may stand in for each. */
    static final List<String> SERVERS = List.of("redis", "rabbitmq", "mysql");
    /** The test payment provider's process. */
    static final String PAYMENTS = "payments";

    /** What watches the stack, where that is wanted. */
    static final String PROMETHEUS = "prometheus";

    private static final List<String> KINDS =
            List.of("redis", "rabbitmq", "mysql", "gateway", "worker", PAYMENTS, PROMETHEUS);
    /** Servers first, then services by number: gateway-10 after gateway-9. */
    static final Comparator<String> ORDER = Comparator.<String>comparingInt(name -> KINDS.indexOf(kind(name)))
            .thenComparingInt(Listener::offset)
            .thenComparing(Comparator.naturalOrder());

    static final StackRecord EMPTY = new StackRecord(List.of(), Map.of(), Map.of());

    StackRecord {
        processes = processes.stream().distinct().sorted(ORDER).toList();
        ports = Map.copyOf(ports);
        external = Map.copyOf(external);
    }

    static String kind(String process) {
        int dash = process.indexOf('-');
        return dash < 0 ? process : process.substring(0, dash);
    }

    static boolean isServer(String process) {
        return SERVERS.contains(process);
    }

    /** A JVM of this project: neither a server nor what watches all of them. */
    static boolean isService(String process) {
        return !isServer(process) && !process.equals(PROMETHEUS);
    }

    boolean isEmpty() {
        return processes.isEmpty();
    }

    int port(Listener listener, String process) {
        return ports.getOrDefault(listener.key(process), listener.preset + Listener.offset(process));
    }

    List<String> ofKind(String kind) {
        return processes.stream().filter(name -> kind(name).equals(kind)).toList();
    }

    /** A larger stack: what was expected stays expected. */
    StackRecord grownBy(Collection<String> more) {
        TreeSet<String> all = new TreeSet<>(processes);
        all.addAll(more);
        return new StackRecord(List.copyOf(all), ports, external);
    }

    /** The same with some listeners elsewhere. */
    StackRecord with(Map<String, Integer> otherPorts) {
        Map<String, Integer> all = new TreeMap<>(ports);
        all.putAll(otherPorts);
        return new StackRecord(processes, all, external);
    }

    static Path file(Home home) {
        return home.run().resolve("stack.properties");
    }

    static StackRecord load(Home home) {
        Properties values = new Properties();
        try (Reader reader = Files.newBufferedReader(file(home))) {
            values.load(reader);
        } catch (IOException absent) {
            return EMPTY;
        }
        Map<String, Integer> ports = new TreeMap<>();
        Map<String, String> external = new TreeMap<>();
        TreeSet<String> processes = new TreeSet<>();
        for (String name : values.stringPropertyNames()) {
            String rest = name.substring(name.indexOf('.') + 1);
            if (name.startsWith("process.")) {
                processes.add(rest);
            } else if (name.startsWith("port.")) {
                ports.put(rest, Integer.parseInt(values.getProperty(name)));
            } else if (name.startsWith("external.")) {
                external.put(rest, values.getProperty(name));
            }
        }
        return new StackRecord(List.copyOf(processes), ports, external);
    }

    void save(Home home) {
        StringBuilder text = new StringBuilder();
        processes.forEach(name -> text.append("process.").append(name).append("=expected\n"));
        new TreeMap<>(ports).forEach((key, port) -> text.append("port.%s=%d\n".formatted(key, port)));
        new TreeMap<>(external)
                .forEach((name, value) -> text.append("external.%s=%s\n".formatted(name, escape(value))));
        Home.writePrivate(file(home), text.toString());
    }

    /** After the last process has ended; addresses that lead nowhere go with it. */
    static void forget(Home home) {
        try {
            Files.deleteIfExists(file(home));
            Files.deleteIfExists(home.env());
        } catch (IOException e) {
            throw new LaunchFailure("cannot delete in %s: %s".formatted(home.path(), e), e);
        }
    }

    /** Of somebody else's servers only the names of their variables: their values have passwords in them. */
    @Override
    public String toString() {
        return "StackRecord[%s, %s, %s]".formatted(processes, ports, external.keySet());
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\");
    }
}
