package io.seckill.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Which process listens where. A process that runs keeps its port; one that is to start takes the port a variable names,
 * else the one it had when the stack came up, else the preset. {@link StackRecord} remembers the outcome.
 */
final class PortPlan {
    private static final int HIGHEST = 65535;

    private final Map<String, Integer> ports;

    private PortPlan(Map<String, Integer> ports) {
        this.ports = ports;
    }

    static PortPlan of(
            Map<Listener, Integer> moved,
            Map<String, Integer> recorded,
            Predicate<String> live,
            Collection<String> processes) {
        Map<String, Integer> ports = new TreeMap<>();
        Map<Integer, String> holders = new HashMap<>();
        for (String process : processes) {
            for (Listener listener : Listener.values()) {
                if (!listener.belongsTo(process)) {
                    continue;
                }
                String key = listener.key(process);
                int port = choose(listener, process, moved, recorded, live);
                if (port > HIGHEST) {
                    throw new LaunchFailure("%s would need port %d, above %d: lower %s"
                            .formatted(process, port, HIGHEST, listener.variable));
                }
                String other = holders.put(port, key);
                if (other != null) {
                    throw new LaunchFailure("port %d is wanted by both %s and %s: set %s to another one"
                            .formatted(port, other, key, listener.variable));
                }
                ports.put(key, port);
            }
        }
        return new PortPlan(ports);
    }

    private static int choose(
            Listener listener,
            String process,
            Map<Listener, Integer> moved,
            Map<String, Integer> recorded,
            Predicate<String> live) {
        Integer before = recorded.get(listener.key(process));
        Integer variable = moved.get(listener);
        if (before != null && (variable == null || live.test(process))) {
            return before;
        }
        return (variable == null ? listener.preset : variable) + Listener.offset(process);
    }

    int port(Listener listener, String process) {
        Integer port = ports.get(listener.key(process));
        if (port == null) {
            throw new IllegalArgumentException(process + " has no " + listener + " listener in this plan");
        }
        return port;
    }

    /** All of it, by {@code process.role}. */
    Map<String, Integer> ports() {
        return Map.copyOf(ports);
    }

    /** Fails with one line for each port that these processes want and somebody else has. */
    void requireFree(Collection<String> starting, IntPredicate free) {
        List<String> taken = new ArrayList<>();
        for (String process : starting) {
            for (Listener listener : Listener.values()) {
                if (!listener.belongsTo(process)) {
                    continue;
                }
                int port = port(listener, process);
                if (!free.test(port)) {
                    taken.add("port %d is taken by another process; %s wants it for %s: set %s to move it"
                            .formatted(port, process, listener.role, listener.variable));
                }
            }
        }
        if (!taken.isEmpty()) {
            throw new LaunchFailure(String.join("\n", taken));
        }
    }
}
