package io.seckill.loadtest.bench;

import io.seckill.schema.redis.FunctionLibrary;
import io.seckill.schema.redis.SaleKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Redis alone: redis-benchmark calls the function with one purchase of a random user, one call after the other. */
final class RedisCeiling {
    private static final int CALLS = 100_000;
    private static final int CONNECTIONS = 50;
    private static final int USERS = 100_000_000;
    private static final int PATIENCE_S = 120;

    private RedisCeiling() {}

    /**
     * @param benchmark redis-benchmark with the server's address, to which the rest is added
     * @return calls a second
     */
    static double callsPerSecond(ProcessBuilder benchmark, String saleId) throws IOException, InterruptedException {
        SaleKeys keys = SaleKeys.of(saleId);
        List<String> command = new ArrayList<>(benchmark.command());
        command.addAll(List.of("-P", "1", "-c", "" + CONNECTIONS, "-n", "" + CALLS, "-r", "" + USERS, "--csv"));
        command.addAll(List.of("FCALL", FunctionLibrary.shipped().function("reserve"), "4"));
        command.addAll(List.of(keys.sale(), keys.buyers(), keys.outbox(), keys.lots()));
        command.addAll(List.of("1", "60000", "0", "user-__rand_int__", "1"));
        Process process = benchmark.command(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IOException("redis-benchmark does not end");
            }
            return perSecond(said);
        } finally {
            process.destroyForcibly();
        }
    }

    /** From what {@code --csv} prints: a line of names, then one of the command and its rate. */
    static double perSecond(String csv) throws IOException {
        String last = csv.strip().substring(csv.strip().lastIndexOf('\n') + 1);
        String[] fields = last.split("\",\"");
        if (csv.contains("Error") || fields.length < 2 || !last.contains("FCALL")) {
            throw new IOException("redis-benchmark said: " + csv.strip());
        }
        return Double.parseDouble(fields[1]);
    }
}
