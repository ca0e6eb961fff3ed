package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.seckill.loadtest.Arrivals;
import io.seckill.loadtest.RushResult;
import io.seckill.schema.amqp.Topology;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RabbitMQ and MySQL fail in the midst of a rush: no 202 without its order, and purchases succeed again by themselves. */
class ServerFaultIT {
    private static final int STOCK = 2_000;
    private static final int BUYERS = 3_000;
    private static final long HEALED_WITHIN_MS = 30_000;

    @TempDir
    private static Path home;

    private static LocalStack stack;
    private static RabbitCtl rabbit;
    private static StackUser user;

    @BeforeAll
    static void up() {
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv());
        stack = new LocalStack(settings, new Progress(System.out));
        stack.up(2, 2);
        rabbit = new RabbitCtl(stack, settings);
        user = new StackUser(stack);
    }

    @AfterAll
    static void down() {
        if (user != null) {
            user.close();
        }
        stack.down();
    }

    @Test
    @Tag("nightly")
    void shouldKeepEveryPromiseThroughAKillOfTheBroker() {
        rushThrough(next -> {
            stack.kill("rabbitmq");
            stack.up(2, 2);
        });
    }

    @Test
    @Tag("nightly")
    void shouldKeepEveryPromiseThroughARestartOfTheBroker() {
        rushThrough(next -> {
            rabbit.run("stop_app");
            rabbit.run("start_app");
        });
    }

    @Test
    @Tag("nightly")
    void shouldKeepEveryPromiseThroughAKillOfTheDatabase() {
        rushThrough(next -> {
            stack.kill("mysql");
            stack.up(2, 2);
        });
    }

    @Test
    @Tag("nightly")
    void shouldKeepEveryPromiseThroughAKillOfBoth() {
        rushThrough(next -> {
            stack.kill("mysql");
            stack.kill("rabbitmq");
            stack.up(2, 2);
        });
    }

    @Test
    void shouldSellNothingWhileTheBrokersMemoryAlarmIsOnAndGoOnAfterIt() {
        rushThrough(next -> {
            rabbit.run("set_vm_memory_high_watermark", "0");
            // Who publishes first finds out: of that purchase the outcome is not known.
            AtomicInteger buyers = new AtomicInteger();
            user.await("the gateway sells nothing", () -> user.buy(next, "early-" + buyers.incrementAndGet())
                    .code()
                    .equals("overloaded"));
            user.await("it says so", () -> !user.ready(0));
            int remaining = user.remaining(next);
            for (int i = 0; i < 20; i++) {
                StackUser.Answer answer = user.buy(next, "during-alarm-" + i);
                assertEquals("overloaded", answer.code(), () -> answer.json().encode());
            }
            assertEquals(remaining, user.remaining(next));
            rabbit.run("set_vm_memory_high_watermark", "0.4");
        });
    }

    @Test
    void shouldKeepEveryPromiseWhenTheOrderQueueIsDeletedWithAllThatIsInIt() {
        rushThrough(next -> {
            stack.kill("worker-1");
            stack.kill("worker-2");
            for (int i = 0; i < 20; i++) {
                String buyer = "queued-" + i;
                // Beside the rush, and with what the gateway remembers of the fault before, it may ask some to come
                // back.
                user.await("accepted", () -> user.buy(next, buyer).status() == 202);
            }
            try (Connection connection = broker().newConnection("tests");
                    var channel = connection.createChannel()) {
                channel.queueDelete(new Topology("seckill").orderQueue());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            stack.up(2, 2);
        });
    }

    /** @param fault is given a sale that nobody buys from meanwhile */
    private static void rushThrough(Consumer<String> fault) {
        String saleId = user.openSale(STOCK);
        String next = user.openSale(STOCK);
        long[] ended = new long[1];
        RushResult rush = user.rushMeanwhile(saleId, BUYERS, Arrivals.atRate(BUYERS, 1_000), () -> {
            user.await("it sells", () -> user.remaining(saleId) < STOCK - 300);
            fault.accept(next);
            ended[0] = System.nanoTime();
            user.await("purchases succeed again", () -> user.buy(next, "after").status() == 202);
            assertTrue(sinceMs(ended[0]) < HEALED_WITHIN_MS, "within 30 s");
        });
        user.awaitStored(saleId);
        user.awaitStored(next);
        long stored = sinceMs(ended[0]);
        System.out.printf(
                "accepted %d, refusals %s, errors %s, all stored %d ms after the fault%n",
                rush.buyers().accepted(), rush.refusals(), rush.errors(), stored);
        assertTrue(stored < HEALED_WITHIN_MS, () -> "all is stored within 30 s, not " + stored + " ms");
        assertTrue(rush.buyers().accepted() > 100, "the fault came in the midst of it");
        user.assertBalanced(saleId, rush);
        assertTrue(
                user.audit(next).getBoolean("balanced"), () -> user.audit(next).encode());
    }

    private static long sinceMs(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static ConnectionFactory broker() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(URI.create(stack.addresses().get("SECKILL_AMQP_URI")));
        return factory;
    }
}
