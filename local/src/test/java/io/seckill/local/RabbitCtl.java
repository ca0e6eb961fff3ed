package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code rabbitmqctl} of a stack's own RabbitMQ, in the environment in which that runs. */
final class RabbitCtl {
    private static final int LIMIT_S = 60;

    private final LocalStack stack;
    private final Path program;

    RabbitCtl(LocalStack stack, Settings settings) {
        this.stack = stack;
        this.program = new Provision(settings.packages(), new Progress(System.out))
                .programs(List.of(Engine.RABBITMQ))
                .get(Engine.RABBITMQ)
                .executable()
                .resolveSibling("rabbitmqctl");
    }

    void run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Executables.Outcome outcome = Executables.run(command, environment(), LIMIT_S);
        assertTrue(outcome.ok(), outcome::output);
    }

    private Map<String, String> environment() {
        try {
            long pid = stack.live("rabbitmq").orElseThrow();
            Map<String, String> environment = new TreeMap<>();
            for (String line :
                    Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0")) {
                int at = line.indexOf('=');
                environment.put(line.substring(0, at), line.substring(at + 1));
            }
            // The VM put its own erl first, which in an unpacked tree does not run; ours stands in for it.
            environment.merge("PATH", environment.get("RABBITMQ_BASE") + "/bin", (path, ours) -> ours + ":" + path);
            return environment;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
