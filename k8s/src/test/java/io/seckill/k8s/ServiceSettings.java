package io.seckill.k8s;

import io.seckill.gateway.GatewayConfig;
import io.seckill.schema.SchemaConfig;
import io.seckill.schema.config.InvalidSettings;
import io.seckill.worker.WorkerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a program of ours reads from its environment, by letting it read: the names that it asks for, what it refuses, and
 * the configuration that it ends up with.
 *
 * @param known every name that it asks for
 * @param errors what it refuses in this environment
 * @param config the record, or null if anything is refused
 */
record ServiceSettings(Set<String> known, List<String> errors, Object config) {
    private static final Pattern IN_LOGBACK = Pattern.compile("\\$\\{(\\w+)");

    /** Tells what a program is when it is none of ours, too: a defect of the caller. */
    private static Function<Function<String, String>, Object> reader(String program) {
        return switch (program) {
            case "gateway" -> GatewayConfig::read;
            case "order-worker" -> WorkerConfig::read;
            case "schema" -> SchemaConfig::read;
            default -> throw new AssertionError("no such program: " + program);
        };
    }

    static ServiceSettings read(String program, Map<String, String> environment) {
        Set<String> known = new TreeSet<>(logging());
        List<String> errors = new ArrayList<>();
        Object config = null;
        try {
            config = reader(program).apply(name -> {
                known.add(name);
                return environment.get(name);
            });
        } catch (InvalidSettings e) {
            errors.addAll(e.errors());
        }
        return new ServiceSettings(known, errors, config);
    }

    private static Set<String> logging() {
        try (InputStream file = GatewayConfig.class.getResourceAsStream("/logback.xml")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            Set<String> names = new TreeSet<>();
            IN_LOGBACK.matcher(text).results().forEach(match -> names.add(match.group(1)));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
