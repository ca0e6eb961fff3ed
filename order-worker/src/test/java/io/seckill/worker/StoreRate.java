package io.seckill.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How fast one worker stores what waits in the queue, and what that costs, round after round into a table that grows: each
 * round is a sale of its own, bought by the same users, in messages of 100 orders. Not a test; run its main with the servers
 * of a test run. docs/performance.md says how, and what it gave.
 *
 * <p>Arguments: rounds, orders a round, then {@code name=pid} of processes whose processor time is told beside this one's,
 * which is the worker's and, for a good part of a round, nobody else's.
 */
final class StoreRate {
    private static final int ORDERS = 100;
    // Linux' USER_HZ: in what /proc counts.
    private static final int MICROS_A_TICK = 10_000;

    private final TestStack stack;
    private final int messages;
    private final Map<String, Long> processes;

    private StoreRate(TestStack stack, int messages, Map<String, Long> processes) {
        this.stack = stack;
        this.messages = messages;
        this.processes = processes;
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int orders = args.length > 1 ? Integer.parseInt(args[1]) : 200_000;
        Map<String, Long> processes = new LinkedHashMap<>();
        processes.put("worker", ProcessHandle.current().pid());
        for (int i = 2; i < args.length; i++) {
            String[] process = args[i].split("=", 2);
            processes.put(process[0], Long.parseLong(process[1]));
        }
        try (TestStack stack = new TestStack()) {
            StoreRate rate = new StoreRate(stack, orders / ORDERS, processes);
            for (int round = 0; round < rounds; round++) {
                System.out.println(rate.round("round-" + round));
            }
        }
        System.exit(0);
    }

    private String round(String saleId) throws Exception {
        stack.sale(saleId, messages * ORDERS);
        for (int i = 0; i < messages; i++) {
            stack.publish(stack.batch(saleId, 1, TestStack.users("u", i * ORDERS, (i + 1) * ORDERS)));
        }
        stack.published();
        Worker worker = stack.startWorker();
        Await.until("it began", () -> stack.sold(saleId) > 0);
        long before = stack.sold(saleId);
        Map<String, Long> ticks = ticks();
        long reads = status("Innodb_buffer_pool_reads");
        long began = System.nanoTime();
        Await.equal((long) messages * ORDERS, "sold", () -> stack.sold(saleId));
        double seconds = (System.nanoTime() - began) / 1e9;
        long stored = (long) messages * ORDERS - before;
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT, "%s: %,.0f stored a second; microseconds an order:", saleId, stored / seconds));
        ticks().forEach((name, now) -> line.append(String.format(
                Locale.ROOT, " %s %.1f", name, (now - ticks.get(name)) * MICROS_A_TICK / (double) stored)));
        line.append(String.format(
                Locale.ROOT,
                "; pages read %,d, checkpoint age %,d MB, history list %,d",
                status("Innodb_buffer_pool_reads") - reads,
                status("Innodb_checkpoint_age") >> 20,
                status("Innodb_history_list_length")));
        stack.drain(worker);
        return line.toString();
    }

    /** A counter of the server; 0 where it has none of this name, as MySQL has not all of MariaDB's. */
    private long status(String name) throws Exception {
        return stack
                .texts("SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = '" + name
                        + "'")
                .stream()
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private Map<String, Long> ticks() throws IOException {
        Map<String, Long> ticks = new LinkedHashMap<>();
        for (Map.Entry<String, Long> process : processes.entrySet()) {
            String stat = Files.readString(Path.of("/proc/" + process.getValue() + "/stat"));
            // After the name, which may hold anything: state is the first field, utime and stime are the 12th and 13th.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            ticks.put(process.getKey(), Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
        }
        return ticks;
    }
}
