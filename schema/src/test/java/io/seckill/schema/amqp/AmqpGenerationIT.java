package io.seckill.schema.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.amqp.AmqpGeneration.Delivery;
import io.seckill.schema.amqp.AmqpGeneration.Unconfirmed;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.testing.Await;
import io.seckill.schema.testing.TcpProxy;
import io.seckill.schema.testing.TestServers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One connection to RabbitMQ from its opening to its end, through a proxy that can cut and silence it. */
class AmqpGenerationIT {
    private static final int CONFIRM_TIMEOUT_MS = 500;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final ServerSettings servers = TestServers.servers(TestServers.environment());
    private final String queue = servers.amqpPrefix() + ".q";
    private TcpProxy proxy;
    private String uri;

    @BeforeEach
    void openProxy() throws IOException {
        URI direct = URI.create(servers.amqpUri());
        proxy = new TcpProxy(direct.getHost(), direct.getPort());
        String path = direct.getRawPath() == null ? "" : direct.getRawPath();
        uri = "amqp://" + direct.getRawUserInfo() + "@127.0.0.1:" + proxy.port() + path;
        AmqpGeneration generation = open(servers.amqpUri());
        Await.result(on(() -> generation.onChannel(
                channel -> channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum")))));
        on(generation::close);
    }

    @AfterEach
    void close() throws IOException {
        AmqpGeneration generation = open(servers.amqpUri());
        Await.result(on(() -> generation.onChannel(channel -> channel.queueDelete(queue))));
        on(generation::close);
        proxy.close();
        Await.result(vertx.close());
    }

    @Test
    void shouldConfirmEachPublishAndDeliverIt() {
        AmqpGeneration generation = open(uri);
        List<Future<Void>> confirms = IntStream.range(0, 50)
                .mapToObj(i -> publish(generation, "m" + i))
                .toList();
        confirms.forEach(Await::result);
        assertEquals(0, generation.unconfirmed());

        List<Delivery> deliveries = new CopyOnWriteArrayList<>();
        Await.result(on(() -> generation.consume(queue, 100, deliveries::add)));
        Await.until("all are delivered", () -> deliveries.size() == 50);
        assertEquals("m0", deliveries.get(0).body().toString());
        run(() -> generation.ack(deliveries.get(49).tag(), true));
        on(generation::close);

        assertEquals(0, Await.result(messagesOnceClosed(generation)));
    }

    @Test
    void shouldHoldPendingConfirmsUnknownWhenTheConnectionIsCut() {
        AmqpGeneration generation = open(uri);
        proxy.swallowReplies();
        List<Future<Void>> confirms = IntStream.range(0, 5)
                .mapToObj(i -> publish(generation, "m" + i))
                .toList();
        proxy.cut();

        confirms.forEach(confirm -> assertInstanceOf(Unconfirmed.class, Await.failure(confirm)));
        Await.result(generation.ended());
        assertInstanceOf(Unconfirmed.class, Await.failure(publish(generation, "too late")));
    }

    @Test
    void shouldEndWhenAConfirmMissesItsDeadline() {
        AmqpGeneration generation = open(uri);
        proxy.swallowReplies();

        assertInstanceOf(Unconfirmed.class, Await.failure(publish(generation, "m")));
        assertTrue(Await.result(generation.ended()).getMessage().contains("no confirm within"));
    }

    @Test
    void shouldNotAckOnAnotherConnection() {
        AmqpGeneration first = open(uri);
        Await.result(publish(first, "m"));
        List<Delivery> deliveries = new CopyOnWriteArrayList<>();
        Await.result(on(() -> first.consume(queue, 10, deliveries::add)));
        Await.until("it is delivered", () -> deliveries.size() == 1);
        proxy.cut();
        Await.result(first.ended());

        AmqpGeneration second = open(uri);
        Await.result(on(() -> second.consume(queue, 10, deliveries::add)));
        Await.until("it is delivered again", () -> deliveries.size() == 2);
        run(() -> first.ack(deliveries.get(0).tag(), false));
        on(second::close);

        Await.until("it was never acked", () -> Await.result(messages()) == 1);
    }

    @Test
    void shouldEndWhenTheQueueOfItsConsumerIsDeleted() {
        AmqpGeneration generation = open(uri);
        Await.result(on(() -> generation.consume(queue, 10, delivery -> {})));
        AmqpGeneration other = open(servers.amqpUri());
        Await.result(on(() -> other.onChannel(channel -> channel.queueDelete(queue))));
        on(other::close);

        assertTrue(Await.result(generation.ended()).getMessage().contains(queue));
    }

    @Test
    void shouldComeBackByItself() {
        AmqpLink link = onContext(() ->
                new AmqpLink(vertx, uri, "test", CONFIRM_TIMEOUT_MS, generation -> Future.succeededFuture()).open());
        Await.until("connected", link::isUp);
        AmqpGeneration first = link.current();
        proxy.cut();
        Await.until("connected again", () -> link.isUp() && link.current() != first);
        proxy.refuse(true);
        Await.until("the loss is noticed", () -> !link.isUp());
        proxy.refuse(false);
        Await.until("connected once more", link::isUp);
        assertFalse(first.ended().result() == null);
        on(link::close);
    }

    private AmqpGeneration open(String at) {
        return Await.result(on(() -> AmqpGeneration.open(vertx, at, "test", CONFIRM_TIMEOUT_MS)));
    }

    private Future<Void> publish(AmqpGeneration generation, String text) {
        return on(() -> generation.publish("", queue, Topology.orderBatchProperties(), Buffer.buffer(text)));
    }

    private Future<Integer> messagesOnceClosed(AmqpGeneration generation) {
        Await.result(generation.ended());
        return messages();
    }

    private Future<Integer> messages() {
        AmqpGeneration generation = open(servers.amqpUri());
        return on(() -> generation
                .onChannel(channel -> (int) channel.messageCount(queue))
                .eventually(generation::close));
    }

    /** On the context that all generations of this test belong to. */
    private <T> Future<T> on(Callable<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(v -> {
            try {
                call.call().onComplete(promise);
            } catch (Exception e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }

    private <T> T onContext(Callable<T> call) {
        return Await.result(on(() -> Future.succeededFuture(call.call())));
    }

    private void run(Runnable task) {
        onContext(() -> {
            task.run();
            return true;
        });
    }
}
