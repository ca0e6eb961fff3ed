package io.seckill.worker;

/**
 * How fast one worker stores what waits in the queue: 200,000 orders in messages of 100, by the clock from its start to the
 * last row. Not a test; run its main with the servers of a test run. docs/performance.md says how, and what it gave.
 */
final class StoreRate {
    private static final int MESSAGES = 2_000;
    private static final int ORDERS = 100;

    private StoreRate() {}

    public static void main(String[] args) throws Exception {
        try (TestStack stack = new TestStack()) {
            stack.sale("s", MESSAGES * ORDERS);
            for (int i = 0; i < MESSAGES; i++) {
                stack.publish(stack.batch("s", 1, TestStack.users("u", i * ORDERS, (i + 1) * ORDERS)));
            }
            stack.published();
            Worker worker = stack.startWorker();
            Await.until("it began", () -> stack.sold("s") > 0);
            long before = stack.sold("s");
            long began = System.nanoTime();
            Await.equal((long) MESSAGES * ORDERS, "sold", () -> stack.sold("s"));
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf("stored %,.0f orders a second%n", (MESSAGES * ORDERS - before) / seconds);
            stack.drain(worker);
        }
        System.exit(0);
    }
}
