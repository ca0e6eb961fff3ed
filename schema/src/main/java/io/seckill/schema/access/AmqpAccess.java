package io.seckill.schema.access;

import io.seckill.schema.amqp.Topology;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What each role may do in RabbitMQ: its three patterns of {@code rabbitmqctl set_permissions}. They name exchanges and
 * queues alike. To declare a queue or exchange is also to be allowed to delete it, so gateways declare nothing.
 *
 * @param configure what may be declared and deleted
 * @param write exchanges to publish to, to dead-letter to, to be alternate; queues to bind
 * @param read queues to consume; exchanges to bind to
 */
public record AmqpAccess(String configure, String write, String read) {
    private static final String NOTHING = "^$";
    /** Queues of the moment that a worker makes to learn what it was given already. */
    private static final String MOMENTARY = "amq\\.gen.*";
    /** The default exchange: through it a delay queue is reached. */
    private static final String DEFAULT_EXCHANGE = "amq\\.default";

    public static AmqpAccess of(Role role, Topology topology) {
        List<String> declared = Stream.of(
                        topology.orderExchange(),
                        topology.unroutedExchange(),
                        topology.deadExchange(),
                        topology.dueExchange(),
                        topology.eventExchange(),
                        topology.nowhereExchange())
                .map(AmqpAccess::literal)
                .toList();
        return switch (role) {
            case GATEWAY ->
                new AmqpAccess(
                        NOTHING,
                        any(List.of(literal(topology.orderExchange()), literal(topology.nowhereExchange()))),
                        NOTHING);
            case WORKER -> {
                String delays = literal(topology.delayQueue(0)).replace("0s", "[0-9]+s");
                yield new AmqpAccess(
                        any(declared, delays, MOMENTARY),
                        any(declared, DEFAULT_EXCHANGE),
                        any(declared, delays, MOMENTARY));
            }
            case SCHEMA -> new AmqpAccess(any(declared), any(declared), any(declared));
        };
    }

    private static String any(List<String> patterns, String... more) {
        return Stream.concat(patterns.stream(), Stream.of(more)).collect(Collectors.joining("|", "^(", ")$"));
    }

    /** Names of a topology have dots, and nothing else that a pattern would take for something. */
    private static String literal(String name) {
        if (!Pattern.matches("[A-Za-z0-9._-]+", name)) {
            throw new IllegalArgumentException(name + " is no name of a topology");
        }
        return name.replace(".", "\\.");
    }
}
