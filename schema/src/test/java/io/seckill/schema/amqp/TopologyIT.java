package io.seckill.schema.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.seckill.schema.testing.Await;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The exchanges and queues on a broker that has none, some and all of them. */
class TopologyIT {
    private AmqpFixture broker;
    private Topology topology;

    @BeforeEach
    void declare() throws IOException {
        broker = new AmqpFixture();
        topology = new Topology(broker.servers.amqpPrefix());
        broker.onBroker(this::declare);
    }

    @AfterEach
    void close() throws IOException {
        delete();
        broker.close();
    }

    @Test
    void shouldKeepWhatIsThereWhenDeclaredAgain() {
        publish("kept");
        broker.onBroker(this::declare);
        Await.until("the message is still there", () -> broker.messages(topology.orderQueue()) == 1);
    }

    @Test
    void shouldPutBackEachThingThatIsMissing() {
        for (String queue : queues()) {
            broker.onBroker(channel -> channel.queueDelete(queue));
            broker.onBroker(this::declare);
            assertWorks();
        }
        for (String exchange : exchanges()) {
            broker.onBroker(channel -> {
                channel.exchangeDelete(exchange);
                return true;
            });
            broker.onBroker(this::declare);
            assertWorks();
        }
    }

    @Test
    void shouldBeDeclaredByManyAtOnceAndTakeWhatIsPublishedMeanwhileOrSayNo() {
        delete();
        List<AmqpGeneration> services = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            services.add(broker.open());
        }
        List<Future<Void>> declarations = new ArrayList<>();
        for (AmqpGeneration service : services) {
            declarations.add(broker.on(() -> topology.declare(service)));
        }
        int confirmed = 0;
        AmqpGeneration publisher = services.get(0);
        Await.result(declarations.get(0));
        for (int i = 0; i < 20; i++) {
            Future<Void> publish =
                    broker.publishTo(publisher, topology.orderExchange(), Topology.ORDER_BATCH_KEY, "m" + i);
            confirmed += Await.result(publish.transform(done -> Future.succeededFuture(done.succeeded()))) ? 1 : 0;
        }

        for (Future<Void> declaration : declarations) {
            Await.result(declaration);
        }
        int taken = confirmed;
        Await.until(
                "what is confirmed is there",
                () -> broker.messages(topology.orderQueue()) + broker.messages(topology.unroutedQueue()) >= taken);
        assertTrue(taken > 0);
        services.forEach(service -> broker.on(service::close));
    }

    @Test
    void shouldSayWhatDiffersFromAnEarlierVersion() {
        broker.onBroker(channel -> channel.queueDelete(topology.orderQueue()));
        broker.onBroker(channel -> channel.queueDeclare(
                topology.orderQueue(), true, false, false, Map.of("x-queue-type", "quorum", "x-delivery-limit", 5)));

        String problem = broker.failureOnBroker(this::declare).getMessage();

        assertTrue(
                problem.startsWith("queue " + topology.orderQueue() + " is in RabbitMQ with other properties")
                        && problem.contains("inequivalent arg"),
                problem);
    }

    @Test
    void shouldKeepAMessageThatFindsNoQueue() {
        broker.onBroker(channel -> channel.queueDelete(topology.orderQueue()));
        publish("kept");
        Await.until("it is in the unrouted queue", () -> broker.messages(topology.unroutedQueue()) == 1);
    }

    @Test
    void shouldDeadLetterARejectedMessageWhole() {
        publish("poison");
        broker.onBroker(channel -> {
            GetResponse got = channel.basicGet(topology.orderQueue(), false);
            channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
            return true;
        });
        Await.until("it is a dead letter", () -> broker.messages(topology.deadQueue()) == 1);
        assertEquals(0, broker.messages(topology.orderQueue()));
        GetResponse dead = broker.onBroker(channel -> channel.basicGet(topology.deadQueue(), true));
        assertEquals("poison", new String(dead.getBody(), java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(Topology.orderBatchProperties().getType(), dead.getProps().getType());
    }

    @Test
    void shouldBeCheckedWithoutATrace() {
        AmqpGeneration generation = broker.open();

        Await.result(broker.on(() -> topology.checkAndProbe(generation)));

        for (String queue : queues()) {
            assertEquals(0, broker.messages(queue), queue);
        }
        broker.on(generation::close);
    }

    @Test
    void shouldBeCheckedAndPutBackByOneWhoMay() {
        broker.onBroker(channel -> channel.queueDelete(topology.orderQueue()));
        AmqpGeneration generation = broker.open();

        Await.result(broker.on(() -> topology.checkAndProbe(generation)));

        assertWorks();
        broker.on(generation::close);
    }

    private void publish(String text) {
        AmqpGeneration generation = broker.open();
        Await.result(broker.publishTo(generation, topology.orderExchange(), Topology.ORDER_BATCH_KEY, text));
        broker.on(generation::close);
    }

    private void assertWorks() {
        publish("works");
        Await.until("it arrives", () -> broker.messages(topology.orderQueue()) == 1);
        broker.onBroker(channel -> {
            GetResponse got = channel.basicGet(topology.orderQueue(), false);
            channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
            return true;
        });
        Await.until("it is a dead letter", () -> broker.messages(topology.deadQueue()) == 1);
        broker.onBroker(channel -> channel.queuePurge(topology.deadQueue()));
    }

    private boolean declare(Channel channel) throws IOException {
        topology.declare(channel);
        return true;
    }

    private void delete() {
        broker.onBroker(channel -> {
            for (String queue : queues()) {
                channel.queueDelete(queue);
            }
            for (String exchange : exchanges()) {
                channel.exchangeDelete(exchange);
            }
            return true;
        });
    }

    private List<String> queues() {
        return List.of(topology.orderQueue(), topology.unroutedQueue(), topology.deadQueue(), topology.dueQueue());
    }

    private List<String> exchanges() {
        return List.of(
                topology.orderExchange(),
                topology.unroutedExchange(),
                topology.deadExchange(),
                topology.dueExchange(),
                topology.eventExchange(),
                topology.nowhereExchange());
    }
}
