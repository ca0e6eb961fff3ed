package io.seckill.schema.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.seckill.schema.message.OrderBatch;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Step 4 of a purchase: where an order batch goes, what keeps it, and where it ends when it cannot be stored. The next
 * file of the walk is {@code OrderProcessor} in order-worker.
 *
 * <p>The exchange has an alternate one, because vertx-rabbitmq-client cannot publish as mandatory: without it a message
 * that finds no queue is confirmed and gone. Workers drain that second queue too. Quorum queues write to disk before the
 * confirm; dead-lettering is at least once, for which RabbitMQ wants overflow to reject.
 *
 * @param prefix beginning of all names, {@code seckill} unless several systems share a broker
 */
public record Topology(String prefix) {
    /** Routing key of order batches. */
    public static final String ORDER_BATCH_KEY = "order-batch";
    /** Header of a dead letter: why it is one. */
    public static final String REASON_HEADER = "x-seckill-reason";

    // A batch that ends the process of so many workers in a row is dead-lettered by the broker itself.
    private static final int DELIVERY_LIMIT = 100;

    public String orderExchange() {
        return prefix + ".orders";
    }

    public String orderQueue() {
        return prefix + ".orders";
    }

    public String unroutedExchange() {
        return prefix + ".orders.unrouted";
    }

    public String unroutedQueue() {
        return prefix + ".orders.unrouted";
    }

    public String deadExchange() {
        return prefix + ".dead";
    }

    public String deadQueue() {
        return prefix + ".dead";
    }

    /** Topic exchange for everyone else: {@code order.<state>.<saleId>} (docs/messages/order-events.md). */
    public String eventExchange() {
        return prefix + ".events";
    }

    /** Where orders wait until their payment window is over; one queue a window, so that they leave in order. */
    public String delayQueue(int paymentWindowSeconds) {
        return prefix + ".unpaid." + paymentWindowSeconds + "s";
    }

    public String dueExchange() {
        return prefix + ".due";
    }

    /** Orders whose payment window is over. */
    public String dueQueue() {
        return prefix + ".due";
    }

    /** Durable, persistent, typed: the properties of every order batch. */
    public static AMQP.BasicProperties orderBatchProperties() {
        return MessageProperties.MINIMAL_PERSISTENT_BASIC
                .builder()
                .type(OrderBatch.TYPE)
                .contentType(OrderBatch.CONTENT_TYPE)
                .build();
    }

    /** Leads to no queue: what is published here is confirmed and gone. */
    public String nowhereExchange() {
        return prefix + ".nowhere";
    }

    /**
     * Declares everything, on a connection that begins: a service that comes back to a broker which lost a queue puts it
     * there again. Several may do so at once.
     *
     * @return fails, naming the first thing, if RabbitMQ has one of them with other properties or refuses it to this user
     */
    public Future<Void> declare(AmqpGeneration generation) {
        return generation.onChannel(channel -> {
            declare(channel);
            return null;
        });
    }

    /**
     * The same for a connection that publishes; and has RabbitMQ confirm a message to nobody. One that an alarm makes
     * refuse publishers says so only to who publishes: a new connection would accept orders that it cannot send.
     *
     * @return fails, too, if the broker does not confirm in time
     */
    public Future<Void> declareAndProbe(AmqpGeneration generation) {
        return declare(generation).compose(v -> probe(generation));
    }

    /**
     * The same for a user who may declare nothing: it looks whether all is there. What is missing is declared all the same,
     * which succeeds for one who may; the others wait for a worker to do it.
     */
    public Future<Void> checkAndProbe(AmqpGeneration generation) {
        return generation
                .onChannelOfItsOwn(channel -> {
                    check(channel);
                    return null;
                })
                .<Void>mapEmpty()
                .recover(missing -> declare(generation))
                .compose(v -> probe(generation));
    }

    private Future<Void> probe(AmqpGeneration generation) {
        return generation.publish(nowhereExchange(), "", MessageProperties.MINIMAL_BASIC, Buffer.buffer());
    }

    private void check(Channel channel) throws IOException {
        for (String exchange : List.of(orderExchange(), unroutedExchange(), deadExchange(), nowhereExchange())) {
            channel.exchangeDeclarePassive(exchange);
        }
        for (String queue : List.of(orderQueue(), unroutedQueue(), deadQueue())) {
            channel.queueDeclarePassive(queue);
        }
    }

    /** Declares everything; what the broker has already stays as it is. Blocking. */
    public void declare(Channel channel) throws IOException {
        exchange(channel, deadExchange(), BuiltinExchangeType.FANOUT, Map.of());
        queue(channel, deadQueue(), Map.of("x-queue-type", "quorum"));
        channel.queueBind(deadQueue(), deadExchange(), "");

        exchange(channel, unroutedExchange(), BuiltinExchangeType.FANOUT, Map.of());
        queue(channel, unroutedQueue(), orderQueueArguments());
        channel.queueBind(unroutedQueue(), unroutedExchange(), "");

        exchange(
                channel, orderExchange(), BuiltinExchangeType.DIRECT, Map.of("alternate-exchange", unroutedExchange()));
        queue(channel, orderQueue(), orderQueueArguments());
        channel.queueBind(orderQueue(), orderExchange(), ORDER_BATCH_KEY);

        exchange(channel, dueExchange(), BuiltinExchangeType.FANOUT, Map.of());
        queue(channel, dueQueue(), orderQueueArguments());
        channel.queueBind(dueQueue(), dueExchange(), "");
        exchange(channel, eventExchange(), BuiltinExchangeType.TOPIC, Map.of());
        exchange(channel, nowhereExchange(), BuiltinExchangeType.FANOUT, Map.of());
    }

    /** Declares the delay queue of a payment window. Its messages bear a TTL each, and leave for {@link #dueQueue}. Blocking. */
    public void declareDelay(Channel channel, int paymentWindowSeconds) throws IOException {
        channel.queueDeclare(
                delayQueue(paymentWindowSeconds),
                true,
                false,
                false,
                Map.of(
                        "x-queue-type", "quorum",
                        "x-dead-letter-exchange", dueExchange(),
                        "x-dead-letter-strategy", "at-least-once",
                        "x-overflow", "reject-publish"));
    }

    private Map<String, Object> orderQueueArguments() {
        return Map.of(
                "x-queue-type", "quorum",
                "x-dead-letter-exchange", deadExchange(),
                "x-dead-letter-strategy", "at-least-once",
                "x-overflow", "reject-publish",
                "x-delivery-limit", DELIVERY_LIMIT);
    }

    private static void exchange(Channel channel, String name, BuiltinExchangeType type, Map<String, Object> arguments)
            throws IOException {
        declared("exchange " + name, () -> channel.exchangeDeclare(name, type, true, false, arguments));
    }

    private static void queue(Channel channel, String name, Map<String, Object> arguments) throws IOException {
        declared("queue " + name, () -> channel.queueDeclare(name, true, false, false, arguments));
    }

    private static void declared(String what, Declaration declaration) throws IOException {
        try {
            declaration.run();
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException shutdown
                    && shutdown.getReason() instanceof AMQP.Channel.Close close) {
                String why = close.getReplyCode() == AMQP.PRECONDITION_FAILED
                        ? " is in RabbitMQ with other properties than this version declares: "
                        : " cannot be declared in RabbitMQ: ";
                throw new IOException(what + why + close.getReplyText(), e);
            }
            throw e;
        }
    }

    private interface Declaration {
        void run() throws IOException;
    }
}
