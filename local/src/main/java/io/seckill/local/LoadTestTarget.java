package io.seckill.local;

import io.seckill.loadtest.Crowd;
import io.seckill.loadtest.StackAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where a stack is that this command did not start, and what opens it. */
final class LoadTestTarget {
    @Option(
            names = "--target",
            paramLabel = "URL",
            required = true,
            split = ",",
            description = "Shopper API of its gateways; several, apart by commas.")
    private List<String> gateways = new ArrayList<>();

    @Option(
            names = "--management",
            paramLabel = "URL",
            required = true,
            split = ",",
            description = "Management listeners of these.")
    private List<String> management = new ArrayList<>();

    @Option(
            names = "--operator-token",
            paramLabel = "TOKEN",
            required = true,
            description = "Of the role admin; makes and audits the sales.")
    private String operatorToken;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            required = true,
            description =
                    "The buyers: lines userId<TAB>token. MySQL's address, for the audit, is taken from SECKILL_MYSQL_HOST,"
                            + " _PORT, _USER, _PASSWORD and _DATABASE; RabbitMQ's, for the queue's depth, from SECKILL_AMQP_URI.")
    private Path tokens;

    private Crowd crowd;

    /** Reads the tokens; whether there are enough of them. */
    void check(CommandSpec spec, int users) {
        try {
            crowd = Crowd.read(tokens);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--tokens: cannot read " + tokens, e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--tokens: " + e.getMessage(), e);
        }
        if (crowd.size() < users) {
            throw new ParameterException(
                    spec.commandLine(), "--tokens: %s has %d users; %d come".formatted(tokens, crowd.size(), users));
        }
    }

    /** @throws LaunchFailure naming what is missing */
    StackAddress address(Map<String, String> environment) {
        Map<String, String> variables = new TreeMap<>(environment);
        variables.putIfAbsent("SECKILL_MYSQL_PORT", "3306");
        variables.putIfAbsent("SECKILL_MYSQL_USER", "seckill");
        variables.putIfAbsent("SECKILL_MYSQL_DATABASE", "seckill");
        variables.put("SECKILL_GATEWAYS", String.join(" ", gateways));
        variables.put("SECKILL_MANAGEMENT", String.join(" ", management));
        try {
            return StackAddress.from(variables::get);
        } catch (IllegalArgumentException e) {
            throw new LaunchFailure(e.getMessage(), e);
        }
    }

    Crowd crowd() {
        return crowd;
    }

    Path tokens() {
        return tokens;
    }

    String operatorToken() {
        return operatorToken;
    }

    String again() {
        return " --target %s --management %s --operator-token … --tokens %s"
                .formatted(String.join(",", gateways), String.join(",", management), tokens);
    }
}
