package io.seckill.local;

import java.util.Map;
import java.util.function.Function;

/** What is different for one service of a stack: where it sees the servers, and variables of its own. */
interface Surroundings {
    /** Nothing is. */
    Surroundings USUAL = variables(service -> Map.of());

    /** The servers are where they are for all. */
    static Surroundings variables(Function<String, Map<String, String>> variables) {
        return new Surroundings() {
            @Override
            public Map<String, Integer> ports(String service) {
                return Map.of();
            }

            @Override
            public Map<String, String> variables(String service) {
                return variables.apply(service);
            }
        };
    }

    /** Ports of servers, by {@code server.role}, instead of those where the servers really are. */
    Map<String, Integer> ports(String service);

    /** Set last, over all others. */
    Map<String, String> variables(String service);
}
