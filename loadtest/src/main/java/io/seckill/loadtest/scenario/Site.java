package io.seckill.loadtest.scenario;

import io.seckill.loadtest.Crowd;
import io.seckill.loadtest.StackAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a load test runs against, and with what.
 *
 * @param operator a token of the role admin, asked for before each call
 * @param amqpUri of RabbitMQ, to look at the queue's depth; empty if it is not known
 * @param crowd the users, tokens made ahead, at least as many as the largest scenario has
 * @param wrk the script and the tokens of wrk; empty if ceilings are not measured
 * @param amqpPrefix beginning of the queues' names
 * @param gatling the folder of Gatling's jars
 * @param out where the report goes
 */
public record Site(
        StackAddress address,
        Supplier<String> operator,
        Optional<String> amqpUri,
        String amqpPrefix,
        Crowd crowd,
        Optional<Ceiling> wrk,
        Path gatling,
        Path out) {}
