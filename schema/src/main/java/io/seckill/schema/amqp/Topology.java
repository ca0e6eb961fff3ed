package io.seckill.schema.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import io.seckill.schema.message.OrderBatch;
import java.io.IOException;
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

    /** Declares everything; on a broker that has it already this has no effect. Blocking. */
    public void declare(Channel channel) throws IOException {
        channel.exchangeDeclare(deadExchange(), BuiltinExchangeType.FANOUT, true);
        channel.queueDeclare(deadQueue(), true, false, false, Map.of("x-queue-type", "quorum"));
        channel.queueBind(deadQueue(), deadExchange(), "");

        channel.exchangeDeclare(unroutedExchange(), BuiltinExchangeType.FANOUT, true);
        channel.queueDeclare(unroutedQueue(), true, false, false, orderQueueArguments());
        channel.queueBind(unroutedQueue(), unroutedExchange(), "");

        channel.exchangeDeclare(
                orderExchange(),
                BuiltinExchangeType.DIRECT,
                true,
                false,
                Map.of("alternate-exchange", unroutedExchange()));
        channel.queueDeclare(orderQueue(), true, false, false, orderQueueArguments());
        channel.queueBind(orderQueue(), orderExchange(), ORDER_BATCH_KEY);

        channel.exchangeDeclare(dueExchange(), BuiltinExchangeType.FANOUT, true);
        channel.queueDeclare(dueQueue(), true, false, false, orderQueueArguments());
        channel.queueBind(dueQueue(), dueExchange(), "");
        channel.exchangeDeclare(eventExchange(), BuiltinExchangeType.TOPIC, true);
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

    /** Fails, with the broker's word on the first name that is missing, and changes nothing. Blocking. */
    public void verify(Channel channel) throws IOException {
        for (String exchange :
                new String[] {orderExchange(), unroutedExchange(), deadExchange(), dueExchange(), eventExchange()}) {
            present(() -> channel.exchangeDeclarePassive(exchange), "exchange " + exchange);
        }
        for (String queue : new String[] {orderQueue(), unroutedQueue(), deadQueue(), dueQueue()}) {
            present(() -> channel.queueDeclarePassive(queue), "queue " + queue);
        }
    }

    private Map<String, Object> orderQueueArguments() {
        return Map.of(
                "x-queue-type", "quorum",
                "x-dead-letter-exchange", deadExchange(),
                "x-dead-letter-strategy", "at-least-once",
                "x-overflow", "reject-publish",
                "x-delivery-limit", DELIVERY_LIMIT);
    }

    private static void present(Check check, String what) throws IOException {
        try {
            check.run();
        } catch (IOException e) {
            throw new IOException(what + " is missing in RabbitMQ; run SchemaMain", e);
        }
    }

    private interface Check {
        void run() throws IOException;
    }
}
