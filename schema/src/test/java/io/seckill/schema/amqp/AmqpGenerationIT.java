package io.seckill.schema.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.amqp.AmqpGeneration.Delivery;
import io.seckill.schema.amqp.AmqpGeneration.Unconfirmed;
import io.seckill.schema.testing.Await;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One connection to RabbitMQ from its opening to its end, through a proxy that can cut and silence it. */
class AmqpGenerationIT {
    private AmqpFixture broker;

    @BeforeEach
    void connect() throws IOException {
        broker = new AmqpFixture();
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @Test
    void shouldConfirmEachPublishAndDeliverIt() {
        AmqpGeneration generation = broker.open();
        publish(generation, 50).forEach(Await::result);
        assertEquals(0, generation.unconfirmed());

        List<Delivery> deliveries = new CopyOnWriteArrayList<>();
        Await.result(broker.on(() -> generation.consume(broker.queue, 100, deliveries::add)));
        Await.until("all are delivered", () -> deliveries.size() == 50);
        assertEquals("m0", deliveries.get(0).body().toString());
        assertEquals("m49", deliveries.get(49).body().toString());
        assertEquals(
                Topology.orderBatchProperties().getType(),
                deliveries.get(0).properties().getType());
        Await.result(broker.on(() -> generation.ack(deliveries.get(49).tag(), true)));
        broker.on(generation::close);

        Await.result(generation.ended());
        // A quorum queue tells its length a moment late.
        Await.until("all are acked", () -> broker.messages() == 0);
    }

    @Test
    void shouldDeliverAgainWhatWasNotAcked() {
        AmqpGeneration generation = broker.open();
        publish(generation, 3).forEach(Await::result);
        List<Delivery> deliveries = new CopyOnWriteArrayList<>();
        Await.result(broker.on(() -> generation.consume(broker.queue, 100, deliveries::add)));
        Await.until("all are delivered", () -> deliveries.size() == 3);
        // On its way before the end: a close overtakes what waits for a worker thread.
        Await.result(broker.on(() -> generation.ack(deliveries.get(1).tag(), false)));
        broker.on(generation::close);

        Await.until("the other two are back", () -> broker.messages() == 2);
    }

    @Test
    void shouldHaveNoMoreInMemoryThanThePrefetch() {
        AmqpGeneration generation = broker.open();
        publish(generation, 100).forEach(Await::result);
        List<Delivery> deliveries = new CopyOnWriteArrayList<>();
        Await.result(broker.on(() -> generation.consume(broker.queue, 10, deliveries::add)));
        for (int acked = 0; acked < 100; acked += 10) {
            int all = acked + 10;
            Await.until("one more prefetch is delivered", () -> deliveries.size() == all);
            Await.result(broker.on(() -> generation.ack(deliveries.get(all - 1).tag(), true)));
        }
        broker.on(generation::close);
        Await.until("all are acked", () -> broker.messages() == 0);
    }

    @Test
    void shouldHoldPendingConfirmsUnknownWhenTheConnectionIsCut() {
        AmqpGeneration generation = broker.open();
        broker.proxy.swallowReplies();
        List<Future<Void>> confirms = publish(generation, 5);
        broker.proxy.cut();

        confirms.forEach(AmqpGenerationIT::assertUnknown);
        Await.result(generation.ended());
        assertUnknown(broker.publish(generation, "too late"));
        assertEquals(0, generation.unconfirmed());
    }

    @Test
    void shouldSettleEveryPublishOfABusyConnectionThatIsCut() {
        for (int round = 0; round < 10; round++) {
            AmqpGeneration generation = broker.open();
            List<Future<Void>> confirms = publish(generation, 200);
            broker.proxy.cut();
            confirms.forEach(confirm -> Await.result(confirm.otherwiseEmpty()));
            Await.result(generation.ended());
            assertEquals(0, generation.unconfirmed());
        }
    }

    @Test
    void shouldHoldPendingConfirmsUnknownWhenTheBrokerClosesTheChannel() {
        AmqpGeneration generation = broker.open();
        Future<Void> confirm = broker.publishTo(generation, "no-such-exchange", "", "m");

        assertUnknown(confirm);
        String why = Await.result(generation.ended()).getMessage();
        assertTrue(why.contains("no-such-exchange"), why);
    }

    @Test
    void shouldEndWhenItIsClosedHere() {
        AmqpGeneration generation = broker.open();
        broker.proxy.swallowReplies();
        Future<Void> confirm = broker.publish(generation, "m");
        broker.on(generation::close);

        assertUnknown(confirm);
        assertUnknown(broker.publish(generation, "too late"));
        assertUnknown(broker.on(() -> generation.onChannel(channel -> null)));
    }

    @Test
    void shouldEndWhenAConfirmMissesItsDeadline() {
        AmqpGeneration generation = broker.open();
        broker.proxy.swallowReplies();

        assertUnknown(broker.publish(generation, "m"));
        assertTrue(Await.result(generation.ended()).getMessage().contains("no confirm within"));
        // It was unknown, and not "not taken": the broker has it.
        Await.until("the message is there", () -> broker.messages() == 1);
    }

    @Test
    void shouldEndWithinTheConfirmsDeadlineInABlackHole() {
        AmqpGeneration generation = broker.open();
        broker.proxy.pause(true);
        long started = System.nanoTime();
        publish(generation, 5).forEach(AmqpGenerationIT::assertUnknown);

        long tookMs = (System.nanoTime() - started) / 1_000_000;
        assertTrue(tookMs < AmqpFixture.CONFIRM_TIMEOUT_MS + 2_000, tookMs + " ms");
        assertTrue(Await.result(generation.ended()).getMessage().contains("no confirm within"));
        broker.proxy.cut();
        broker.proxy.pause(false);
    }

    /** A consumer waits for no confirm: only the heartbeat tells it. */
    @Test
    void shouldEndWhenABrokerThatIsOnlyListenedToFallsSilent() {
        AmqpGeneration generation = broker.open();
        Await.result(broker.on(() -> generation.consume(broker.queue, 10, delivery -> {})));
        broker.proxy.pause(true);

        Await.result(generation.ended());
        broker.proxy.cut();
        broker.proxy.pause(false);
    }

    @Test
    void shouldNotAckOnAnotherConnection() {
        AmqpGeneration first = broker.open();
        Await.result(broker.publish(first, "m"));
        List<Delivery> deliveries = new CopyOnWriteArrayList<>();
        Await.result(broker.on(() -> first.consume(broker.queue, 10, deliveries::add)));
        Await.until("it is delivered", () -> deliveries.size() == 1);
        broker.proxy.cut();
        Await.result(first.ended());

        AmqpGeneration second = broker.open();
        Await.result(broker.on(() -> second.consume(broker.queue, 10, deliveries::add)));
        Await.until("it is delivered again", () -> deliveries.size() == 2);
        broker.run(() -> first.ack(deliveries.get(0).tag(), false));
        broker.on(second::close);

        Await.until("it was never acked", () -> broker.messages() == 1);
    }

    @Test
    void shouldEndWhenTheQueueOfItsConsumerIsDeleted() {
        AmqpGeneration generation = broker.open();
        Await.result(broker.on(() -> generation.consume(broker.queue, 10, delivery -> {})));
        broker.onBroker(channel -> channel.queueDelete(broker.queue));

        assertTrue(Await.result(generation.ended()).getMessage().contains(broker.queue));
    }

    @Test
    void shouldNotConsumeFromAQueueThatIsMissing() {
        AmqpGeneration generation = broker.open();
        Await.failure(broker.on(() -> generation.consume("no-such-queue", 10, delivery -> {})));
        Await.result(generation.ended());
    }

    private List<Future<Void>> publish(AmqpGeneration generation, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> broker.publish(generation, "m" + i))
                .toList();
    }

    private static void assertUnknown(Future<?> confirm) {
        assertInstanceOf(Unconfirmed.class, Await.failure(confirm));
    }
}
