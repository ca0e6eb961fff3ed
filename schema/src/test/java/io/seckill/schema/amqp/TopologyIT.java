package io.seckill.schema.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.seckill.schema.testing.Await;
import java.io.IOException;
import java.util.List;
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
    void delete() throws IOException {
        broker.onBroker(channel -> {
            for (String queue : queues()) {
                channel.queueDelete(queue);
            }
            for (String exchange : exchanges()) {
                channel.exchangeDelete(exchange);
            }
            return true;
        });
        broker.close();
    }

    @Test
    void shouldKeepWhatIsThereWhenDeclaredAgain() {
        publish("kept");
        broker.onBroker(this::declare);
        broker.onBroker(this::verify);
        Await.until("the message is still there", () -> broker.messages(topology.orderQueue()) == 1);
    }

    @Test
    void shouldNameEachThingThatIsMissing() {
        for (String queue : queues()) {
            broker.onBroker(channel -> channel.queueDelete(queue));
            assertMissing("queue " + queue);
            broker.onBroker(this::declare);
        }
        for (String exchange : exchanges()) {
            broker.onBroker(channel -> channel.exchangeDelete(exchange));
            assertMissing("exchange " + exchange);
            broker.onBroker(this::declare);
        }
        broker.onBroker(this::verify);
    }

    @Test
    void shouldChangeNothingWhenVerifying() {
        broker.onBroker(channel -> channel.queueDelete(topology.orderQueue()));
        assertMissing("queue " + topology.orderQueue());
        assertMissing("queue " + topology.orderQueue());
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

    private void publish(String text) {
        AmqpGeneration generation = broker.open();
        Await.result(broker.publishTo(generation, topology.orderExchange(), Topology.ORDER_BATCH_KEY, text));
        broker.on(generation::close);
    }

    private void assertMissing(String what) {
        String problem = broker.failureOnBroker(this::verify).getMessage();
        assertTrue(problem.startsWith(what + " is missing") && problem.contains("SchemaMain"), problem);
    }

    private boolean declare(Channel channel) throws IOException {
        topology.declare(channel);
        return true;
    }

    private boolean verify(Channel channel) throws IOException {
        topology.verify(channel);
        return true;
    }

    private List<String> queues() {
        return List.of(topology.orderQueue(), topology.unroutedQueue(), topology.deadQueue());
    }

    private List<String> exchanges() {
        return List.of(topology.orderExchange(), topology.unroutedExchange(), topology.deadExchange());
    }
}
