package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderAnnouncerIT {
    private static final int FIRST_WINDOW_S = 10_000;
    private static final int ROUNDS = 40;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SettlingMetrics metrics = new SettlingMetrics(registry);
    private TestStack stack;

    @BeforeEach
    void open() throws Exception {
        stack = new TestStack();
    }

    @AfterEach
    void close() throws Exception {
        for (int window = FIRST_WINDOW_S; window < FIRST_WINDOW_S + ROUNDS; window++) {
            stack.channel().queueDelete(stack.topology.delayQueue(window));
        }
        stack.close();
    }

    @Test
    void shouldLeaveAReminderInAQueueThatAnotherWorkerIsDeclaring() throws Exception {
        List<OrderAnnouncer> workers = List.of(announcer("first"), announcer("second"));

        for (int window = FIRST_WINDOW_S; window < FIRST_WINDOW_S + ROUNDS; window++) {
            List<OrderBatch> batches = List.of(batch(window));
            List<Future<Void>> told = new ArrayList<>();
            workers.forEach(worker -> told.add(worker.stored(batches, List.of())));
            TestStack.await(Future.all(told));
        }

        assertEquals(0, registry.get("seckill.worker.delays.failed").counter().count());
        List<String> queues = IntStream.range(FIRST_WINDOW_S, FIRST_WINDOW_S + ROUNDS)
                .mapToObj(stack.topology::delayQueue)
                .toList();
        for (String queue : queues) {
            // What was refused may still have been taken.
            assertTrue(stack.channel().messageCount(queue) >= workers.size(), queue);
        }
    }

    private OrderAnnouncer announcer(String name) throws Exception {
        Readiness readiness = new Readiness();
        readiness.deployed();
        ConfirmedPublisher publisher = new ConfirmedPublisher(
                        stack.vertx, stack.config(Map.of()), name, readiness.part(Readiness.RABBITMQ, name))
                .open();
        Await.until(name + " is connected", readiness::isReady);
        return new OrderAnnouncer(
                publisher, stack.topology, new DatabaseClock(System.currentTimeMillis(), System::nanoTime), metrics);
    }

    private static OrderBatch batch(int window) {
        return new OrderBatch(
                List.of(new Lot("sale", 1, 1, System.currentTimeMillis(), window, TestStack.users("u", 0, 1))));
    }
}
